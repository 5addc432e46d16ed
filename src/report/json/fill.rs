//! Filling the JSON form in from a result.

use super::{
    Balance, Factor, Format, Import, Inlet, Limit, Load, MadeBy, Map, Product, Report,
    StageBalance, Stream, Written,
};
use crate::ledger::{Carbon, Energy};
use crate::measure::Measure;
use crate::quantity::Unit;
use crate::solved::{FactorResult, Solved, StreamView};

impl Solved {
    /// The result by itself, under the name of its scenario.
    ///
    /// ```
    /// let solved = gaschain::amur::chain().case().solve()?;
    /// let report = solved.report().named("as designed");
    /// assert_eq!(report.scenario, "as designed");
    /// assert!(report.balance.worst_residual < 1e-12);
    /// # Ok::<(), gaschain::Error>(())
    /// ```
    #[must_use]
    pub fn report(&self) -> Report {
        let stages = self.balances().map(|balance| StageBalance {
            stage: balance.stage.to_owned(),
            of: balance.of.to_owned(),
            residual: balance.residual,
        });
        Report {
            format: Format,
            scenario: self.scenario().to_owned(),
            made_by: MadeBy::of(self),
            inlets: inlets(self),
            openings: self.openings(),
            imports: imports(self),
            streams: streams(self),
            limits: limits(self),
            loads: loads(self),
            products: products(self),
            balance: Balance { worst_residual: self.worst_residual(), stages: stages.collect() },
            carbon: Carbon::of(self),
            energy: Energy::of(self),
            warnings: self.warnings(),
        }
    }
}

impl MadeBy {
    /// What made a result.
    pub(in crate::report) fn of(solved: &Solved) -> Self {
        let parameters = &solved.chain().parameters;
        let overrides = solved.values().overrides.iter();
        let overrides = overrides
            .map(|(index, value)| (parameters[*index].address.clone(), Written::from(value)));
        Self {
            gaschain: env!("CARGO_PKG_VERSION").to_owned(),
            inputs: solved.inputs(),
            chain: solved.chain_named().to_owned(),
            overrides: Map(overrides.collect()),
        }
    }
}

fn inlets(solved: &Solved) -> Vec<Inlet> {
    let inlets = solved.inlets().map(|inlet| Inlet {
        inlet: inlet.inlet.to_owned(),
        offered: inlet.offered,
        accepted: inlet.accepted,
        shut_in: inlet.shut_in,
        unit: inlet.unit.to_string(),
        fully_drawn: inlet.stopped_by.is_fully_drawn(),
        stopped_by: inlet.stopped_by,
        jump: inlet.jump,
    });
    inlets.collect()
}

fn imports(solved: &Solved) -> Vec<Import> {
    let imports = solved.imports().map(|import| Import {
        stage: import.stage.to_owned(),
        import: import.import.to_owned(),
        mol_per_s: import.stream.mol_per_s(),
        kg_per_s: import.stream.kg_per_s(),
        mole_fraction: mole_fraction(import.stream),
    });
    imports.collect()
}

fn streams(solved: &Solved) -> Vec<Stream> {
    let streams = solved.links().map(|link| Stream {
        from: link.from.map(str::to_owned),
        to: link.to.map(str::to_owned),
        mol_per_s: link.stream.mol_per_s(),
        kg_per_s: link.stream.kg_per_s(),
        mole_fraction: mole_fraction(link.stream),
        net_mw: heat_content(link.stream),
    });
    streams.collect()
}

/// Net heat of a stream, MW.
pub(in crate::report) fn heat_content(stream: StreamView<'_>) -> Option<f64> {
    if stream.mol_per_s() == 0.0 {
        return Some(0.0);
    }
    let heat = stream.measure(&Measure::Energy)?;
    Some(Unit::MEGAWATT.from_si(Measure::Energy.unit().to_si(heat)))
}

fn mole_fraction(stream: StreamView<'_>) -> Option<Map<f64>> {
    let shares = stream.mole_fractions()?.into_iter();
    Some(Map(shares.map(|(name, share)| (name.to_owned(), share)).collect()))
}

fn limits(solved: &Solved) -> Vec<Limit> {
    let limits = solved.limits().map(|limit| Limit {
        limit: limit.limit.to_owned(),
        direction: limit.direction,
        load: limit.load,
        capacity: limit.capacity,
        unit: limit.unit.to_string(),
        utilisation: limit.utilisation,
        margin: limit.margin,
        stops: limit.stops.iter().map(|inlet| (*inlet).to_owned()).collect(),
        broken: limit.broken,
        evidence: limit.provenance.evidence,
        factors: limit.factors.iter().map(factor).collect(),
    });
    limits.collect()
}

fn factor(factor: &FactorResult<'_>) -> Factor {
    let unit = if factor.unit == Unit::BARE { "1".to_owned() } else { factor.unit.to_string() };
    Factor { parameter: factor.parameter.to_owned(), value: factor.value, unit }
}

fn loads(solved: &Solved) -> Vec<Load> {
    let loads = solved.loads().map(|load| Load {
        load: load.load,
        value: load.value,
        unit: load.unit.to_string(),
    });
    loads.collect()
}

fn products(solved: &Solved) -> Vec<Product> {
    let products = solved.products().map(|result| Product {
        product: result.product.name.clone(),
        value: result.value,
        unit: result.product.unit.to_string(),
        announced: result.announced.map(|announced| announced.value),
    });
    products.collect()
}
