//! What reducing functions need of each pair, worked out from the constants by the compiler.
//!
//! A reducing quantity is a sum over all ordered pairs of components,
//!
//! ```text
//! Y = sum over i, j of x_i x_j beta gamma (x_i + x_j) / (beta^2 x_i + x_j) Y_ij
//! 1/rho_ij = (1/rho_i^(1/3) + 1/rho_j^(1/3))^3 / 8,   T_ij = (T_i T_j)^(1/2)
//! ```
//!
//! where beta and gamma of a component with itself are 1, and those of (j, i) are 1 / beta and
//! gamma, so that both orders of a pair count alike.

use super::components::{ALL, COMPONENTS};
use super::pairs::PAIRS;

/// A pair as a sum over pairs takes it: numerator and square of beta.
#[derive(Debug, Clone, Copy)]
pub(in crate::gas::gerg) struct Reduces {
    /// what `beta gamma Y` is for a component with itself, twice that for a pair of two.
    pub weight: f64,
    /// beta^2.
    pub lean: f64,
}

/// By components i and j >= i: what they do for the volume (dm3/mol) and the temperature (K).
pub(in crate::gas::gerg) static REDUCING: [[[Reduces; 2]; COMPONENTS]; COMPONENTS] = reducing();

const fn reducing() -> [[[Reduces; 2]; COMPONENTS]; COMPONENTS] {
    let nothing = Reduces { weight: 0.0, lean: 1.0 };
    let mut table = [[[nothing; 2]; COMPONENTS]; COMPONENTS];
    let (mut i, mut row) = (0, 0);
    while i < COMPONENTS {
        let one = &ALL[i];
        table[i][i] = [
            Reduces { weight: 1.0 / one.critical_density, lean: 1.0 },
            Reduces { weight: one.critical_temperature, lean: 1.0 },
        ];
        let mut j = i + 1;
        while j < COMPONENTS {
            let other = &ALL[j];
            let [beta_v, gamma_v, beta_t, gamma_t] = PAIRS[row];
            let lengths =
                cube_root(1.0 / one.critical_density) + cube_root(1.0 / other.critical_density);
            let volume = lengths * lengths * lengths / 8.0;
            let temperature = square_root(one.critical_temperature * other.critical_temperature);
            table[i][j] = [
                Reduces { weight: 2.0 * beta_v * gamma_v * volume, lean: beta_v * beta_v },
                Reduces { weight: 2.0 * beta_t * gamma_t * temperature, lean: beta_t * beta_t },
            ];
            j += 1;
            row += 1;
        }
        i += 1;
    }
    table
}

/// Newton's method from above, until it no longer falls.
const fn cube_root(x: f64) -> f64 {
    let mut root = if x > 1.0 { x } else { 1.0 };
    loop {
        let next = (2.0 * root + x / (root * root)) / 3.0;
        if next >= root {
            return root;
        }
        root = next;
    }
}

const fn square_root(x: f64) -> f64 {
    let mut root = if x > 1.0 { x } else { 1.0 };
    loop {
        let next = 0.5 * root + 0.5 * x / root;
        if next >= root {
            return root;
        }
        root = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_roots() {
        for x in [1e-3, 0.05, 0.7, 1.0, 2.0, 17.0, 4e5] {
            assert!((square_root(x) / x.sqrt() - 1.0).abs() < 3e-16);
            assert!((cube_root(x) / x.cbrt() - 1.0).abs() < 5e-16);
        }
    }
}
