//! Whether the polynomials between some sources are near enough the tables of their blends.
//!
//! What a polynomial of the second order is off by, where it goes through the ends and the middle of
//! an edge, is a cubic: largest at 0.21 and 0.79 of it, where a quarter and three quarters have 97 %
//! of that. Between three sources the cubic that is nothing on all edges is largest at their mean.
//! Asked for is half of what is allowed: the rest is for what adds up between more sources, and for
//! states between the nodes of a table.

use super::Polynomials;
use crate::gas::gerg::GergSpecies;
use crate::gas::natural::NaturalGas;

/// What Z at a node may be off by, relative.
const Z: f64 = 5e-6;

/// What the viscosity without density may be off by, relative, and what density adds to it.
const VISCOSITY: f64 = 1e-4;

/// Temperatures at which viscosity is judged, K.
const TEMPERATURES: [f64; 3] = [255.0, 297.0, 350.0];

/// Whether they are, for mole fractions of sources that differ.
pub(super) fn is_near_enough(
    species: &GergSpecies,
    sources: &[Vec<f64>],
    polynomials: &Polynomials<f64>,
) -> bool {
    probes(sources).iter().all(|probe| {
        NaturalGas::good_everywhere(species, probe)
            .is_some_and(|own| is_near(&polynomials.as_constants().gas(probe), &own))
    })
}

/// Blends to judge at: of two sources, of three, of four and of all.
fn probes(sources: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let blend = |parts: &[(usize, f64)]| -> Vec<f64> {
        let share = |species: usize| {
            parts.iter().fold(0.0, |sum, (at, share)| sum + share * sources[*at][species])
        };
        (0..sources[0].len()).map(share).collect()
    };
    let mut probes = Vec::new();
    let count = sources.len();
    // a source that is no corner is a blend of others
    probes.extend((0..count).map(|one| blend(&[(one, 1.0)])).filter(|_| count > 2));
    for one in 0..count {
        for two in one + 1..count {
            for share in [0.25, 0.75] {
                probes.push(blend(&[(one, share), (two, 1.0 - share)]));
            }
            for three in two + 1..count {
                probes.push(blend(&[one, two, three].map(|at| (at, 1.0 / 3.0))));
                for four in three + 1..count {
                    probes.push(blend(&[one, two, three, four].map(|at| (at, 0.25))));
                }
            }
        }
    }
    if count > 4 {
        let all: Vec<(usize, f64)> = (0..count).map(|at| (at, 1.0 / count as f64)).collect();
        probes.push(blend(&all));
    }
    probes
}

/// Whether a gas is near its own table.
fn is_near(gas: &NaturalGas<f64>, own: &NaturalGas<f64>) -> bool {
    let near = |ours: f64, own: f64, within: f64| (ours - own).abs() <= within * own.abs();
    let [ours, table] = [gas, own].map(NaturalGas::compressibilities);
    let mut nodes = ours.iter().flatten().zip(table.iter().flatten());
    let dense = 4.5e3; // mol/m3
    nodes.all(|(&ours, &own)| near(ours, own, Z))
        && TEMPERATURES.iter().all(|&temperature| {
            [0.0, dense].iter().all(|&density| {
                let [ours, own] = [gas, own].map(|gas| gas.viscosity(density, temperature));
                near(ours, own, VISCOSITY)
            })
        })
}
