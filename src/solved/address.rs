//! Results by their addresses.

use super::Solved;
use crate::fault::FaultKind;

impl Solved<'_> {
    /// Any result by its address, in the unit of
    /// [`Measure::unit`](crate::measure::Measure::unit) (a limit's own for its load,
    /// capacity and margin; a stage's for a load it states): `gpp.helium.volume`,
    /// `heihe.sales_gas.gross_wobbe@15`, `gpp.feed.utilisation`, `kovykta.accepted`,
    /// `gcc.crack.furnace_load`.
    ///
    /// # Errors
    /// An unknown address, with the nearest.
    pub fn get(&self, address: &str) -> Result<Option<f64>, FaultKind> {
        if let Some((name, field)) = address.rsplit_once('.') {
            if let Some(limit) = self.limit(name) {
                match field {
                    "load" => return Ok(limit.load),
                    "capacity" => return Ok(limit.capacity),
                    "utilisation" => return Ok(limit.utilisation),
                    "margin" => return Ok(limit.margin),
                    _ => {}
                }
            }
            if let Some(inlet) = self.inlet(name) {
                match field {
                    "offered" => return Ok(Some(inlet.offered)),
                    "accepted" => return Ok(Some(inlet.accepted)),
                    "shut_in" => return Ok(Some(inlet.shut_in)),
                    _ => {}
                }
            }
        }
        if let Some(load) = self.loads().find(|load| load.load == address) {
            return Ok(load.value);
        }
        let (stream, measure) = self.chain.port_and_measure(address)?;
        Ok(self.view(stream).measure(&measure))
    }
}
