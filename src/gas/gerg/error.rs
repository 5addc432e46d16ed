//! What a gas has no properties for.

/// Why a composition has no properties by GERG-2008.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GasError {
    /// It holds a species that the equation does not know.
    #[error("{species} is {share} of the gas, and GERG-2008 does not know it")]
    UnknownSpecies {
        /// Name of the species.
        species: String,
        /// Its mole fraction.
        share: f64,
    },
    /// A flow is negative or not a number.
    #[error("{species} flows at {got}; allowed: a number not below zero")]
    NotAFlow {
        /// Name of the species.
        species: String,
        /// What was given.
        got: f64,
    },
    /// It holds nothing: no flow, no composition.
    #[error("the gas holds nothing, so it has no properties")]
    Nothing,
    /// It lists another number of species than the slate.
    #[error("the gas lists {got} species; the slate has {allowed}")]
    WrongLength {
        /// Number of species given.
        got: usize,
        /// Number of species of the slate.
        allowed: usize,
    },
    /// The equation gave numbers that are none, as for flows beyond what a sum can hold.
    #[error("GERG-2008 gives no properties for this gas")]
    NoProperties,
}

/// Why a gas has no properties by GERG-2008 at a state.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GasStateError {
    /// The state is outside of what the equation was made for.
    #[error("{what}: {got}; allowed: {} to {}, for GERG-2008", allowed[0], allowed[1])]
    OutOfRange {
        /// What of the state.
        what: &'static str,
        /// What was given.
        got: f64,
        /// From and to which value it may be.
        allowed: [f64; 2],
    },
    /// No density has the pressure and is stable.
    #[error("no density of one phase has {pressure} Pa at {temperature} K by GERG-2008")]
    NoDensity {
        /// Pa.
        pressure: f64,
        /// K.
        temperature: f64,
    },
    /// A gas of the density is not stable: its pressure does not rise with its density.
    #[error("a gas of {density} mol/m3 at {temperature} K is not stable by GERG-2008")]
    Unstable {
        /// mol/m3.
        density: f64,
        /// K.
        temperature: f64,
    },
}

impl GasStateError {
    /// Refuses what is not within a range, and what is no number.
    pub(super) fn unless_within(
        what: &'static str,
        got: f64,
        allowed: [f64; 2],
    ) -> Result<(), Self> {
        let [low, high] = allowed;
        if (low..=high).contains(&got) {
            return Ok(());
        }
        Err(Self::OutOfRange { what, got, allowed })
    }
}
