//! Filling the JSON form in from a result.

use super::{
    Balance, Factor, Import, Inlet, Limit, Load, MadeBy, Map, Product, Report, StageBalance,
    Stream, Written,
};
use crate::ledger::{Carbon, Energy};
use crate::measure::Measure;
use crate::quantity::Unit;
use crate::report::Run;
use crate::solved::{FactorResult, Solved, StreamView};

impl<'a> MadeBy<'a> {
    /// What made `solved`.
    #[must_use]
    pub fn new(solved: &'a Solved, run: &'a Run<'_>) -> Self {
        let parameters = &solved.chain().parameters;
        let overrides = solved.values().overrides.iter();
        Self {
            gaschain: env!("CARGO_PKG_VERSION"),
            inputs: &run.inputs,
            overrides: Map(overrides
                .map(|(index, value)| (parameters[*index].address.as_str(), Written(value)))
                .collect()),
        }
    }
}

impl<'a> Report<'a> {
    /// Lays out a result.
    #[must_use]
    pub fn new(solved: &'a Solved, run: &'a Run<'_>) -> Self {
        let stages = solved.balances().map(|balance| StageBalance {
            stage: balance.stage,
            of: balance.of,
            residual: balance.residual,
        });
        Self {
            scenario: run.scenario,
            made_by: MadeBy::new(solved, run),
            inlets: inlets(solved),
            openings: solved.openings().as_str(),
            imports: imports(solved),
            streams: streams(solved),
            limits: limits(solved),
            loads: loads(solved),
            products: products(solved),
            balance: Balance { worst_residual: solved.worst_residual(), stages: stages.collect() },
            carbon: Carbon::of(solved),
            energy: Energy::of(solved),
            warnings: solved.warnings(),
        }
    }
}

fn inlets(solved: &Solved) -> Vec<Inlet<'_>> {
    let inlets = solved.inlets().map(|inlet| Inlet {
        inlet: inlet.inlet,
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

fn imports(solved: &Solved) -> Vec<Import<'_>> {
    let imports = solved.imports().map(|import| Import {
        stage: import.stage,
        import: import.import,
        mol_per_s: import.stream.mol_per_s(),
        kg_per_s: import.stream.kg_per_s(),
        mole_fraction: mole_fraction(solved, import.stream),
    });
    imports.collect()
}

fn streams(solved: &Solved) -> Vec<Stream<'_>> {
    let streams = solved.links().map(|link| Stream {
        from: link.from,
        to: link.to,
        mol_per_s: link.stream.mol_per_s(),
        kg_per_s: link.stream.kg_per_s(),
        mole_fraction: mole_fraction(solved, link.stream),
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

/// Keyed by the slate's own names, which outlive the view.
fn mole_fraction<'a>(solved: &'a Solved, stream: StreamView<'_>) -> Option<Map<'a, f64>> {
    let total = stream.mol_per_s();
    let names = solved.chain().slate.names();
    (total > 0.0).then(|| {
        let flows = names.zip(stream.flows).filter(|(_, flow)| **flow > 0.0);
        Map(flows.map(|(name, flow)| (name, flow / total)).collect())
    })
}

fn limits(solved: &Solved) -> Vec<Limit<'_>> {
    let limits = solved.limits().map(|limit| Limit {
        limit: limit.limit,
        direction: limit.direction.as_str(),
        load: limit.load,
        capacity: limit.capacity,
        unit: limit.unit.to_string(),
        utilisation: limit.utilisation,
        margin: limit.margin,
        stops: limit.stops,
        broken: limit.broken,
        evidence: limit.provenance.evidence.as_str(),
        factors: limit.factors.iter().map(factor).collect(),
    });
    limits.collect()
}

fn factor<'a>(factor: &FactorResult<'a>) -> Factor<'a> {
    let unit = if factor.unit == Unit::BARE { "1".to_owned() } else { factor.unit.to_string() };
    Factor { parameter: factor.parameter, value: factor.value, unit }
}

fn loads(solved: &Solved) -> Vec<Load> {
    let loads = solved.loads().map(|load| Load {
        load: load.load,
        value: load.value,
        unit: load.unit.to_string(),
    });
    loads.collect()
}

fn products(solved: &Solved) -> Vec<Product<'_>> {
    let products = solved.products().map(|result| Product {
        product: &result.product.name,
        value: result.value,
        unit: result.product.unit.to_string(),
        announced: result.announced.map(|announced| announced.value),
    });
    products.collect()
}
