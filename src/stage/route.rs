//! Which outlet each species leaves by.

use super::config::Config;
use super::{Call, Outlet, Spec};
use crate::fault::FaultKind;
use crate::scalar::Scalar;
use crate::species::Slate;

/// Outlets by name, and for every species of the slate the one it leaves by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    outlets: Vec<String>,
    outlet_of: Vec<usize>,
    /// The outlet of every species that is not sent to another.
    remainder: usize,
}

/// A route whose outlets are declared.
#[derive(Debug)]
pub(super) struct Routed {
    pub outlet_of: Vec<Outlet>,
    /// The outlet of every species that is not sent to another.
    pub remainder: Outlet,
    /// Species and outlet of all that are sent to another.
    sent: Vec<(usize, Outlet)>,
}

impl Route {
    /// Everything to one outlet.
    pub fn all_to(remainder: &str, slate: &Slate) -> Self {
        Self { outlets: vec![remainder.to_owned()], outlet_of: vec![0; slate.len()], remainder: 0 }
    }

    /// Sends `species` to `outlet`, ahead of the remainder in the order of outlets.
    pub fn send(
        mut self,
        slate: &Slate,
        species: &[&str],
        outlet: &str,
    ) -> Result<Self, FaultKind> {
        let indices = species.iter().map(|name| slate.find(name)).collect::<Result<Vec<_>, _>>()?;
        self.send_indices(&indices, outlet);
        Ok(self)
    }

    fn send_indices(&mut self, species: &[usize], outlet: &str) {
        let at = self.outlets.iter().position(|name| name == outlet).unwrap_or_else(|| {
            // the remainder stays last
            let at = self.outlets.len() - 1;
            self.outlets.insert(at, outlet.to_owned());
            for target in &mut self.outlet_of {
                *target += usize::from(*target == at);
            }
            self.remainder += 1;
            at
        });
        for &index in species {
            self.outlet_of[index] = at;
        }
    }

    /// Declares its outlets.
    pub fn declared(&self, spec: &mut Spec) -> Routed {
        let outlets: Vec<Outlet> = self.outlets.iter().map(|name| spec.outlet(name)).collect();
        let outlet_of: Vec<Outlet> = self.outlet_of.iter().map(|&at| outlets[at]).collect();
        let remainder = outlets[self.remainder];
        let all = outlet_of.iter().copied().enumerate();
        let sent = all.filter(|(_, outlet)| *outlet != remainder).collect();
        Routed { outlet_of, remainder, sent }
    }

    /// Reads `products = { outlet = [species, ..] }` and `remainder = "outlet"`.
    pub fn read(config: &mut Config<'_>) -> Option<Self> {
        let remainder = config.text("remainder");
        let products = config.take("products").map(|entry| config.as_table("products", entry));
        let mut route = Self::all_to(&remainder?, config.slate);
        let outlets = match products {
            None => Vec::new(),
            Some(outlets) => outlets?,
        };
        for (outlet, species) in outlets {
            let names = config.list_of_texts(&outlet, species);
            let indices: Vec<usize> = names
                .into_iter()
                .filter_map(|(name, place)| config.species_named(&name, place))
                .collect();
            route.send_indices(&indices, &outlet);
        }
        Some(route)
    }
}

impl Routed {
    /// Sends what a stage has gathered at the remainder to the outlets of each species: gathering
    /// in one stream first is what makes stages of many species fast.
    pub fn distribute<S: Scalar>(&self, call: &mut Call<'_, S>) {
        call.distribute(self.remainder, &self.sent);
    }
}
