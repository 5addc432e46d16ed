//! Lists of what has an address in a chain: parameters, limits, results, feeds, assumptions.

use super::page::List;
use super::shipped::shown;
use gaschain::Case;
use gaschain::chain::{Chain, LimitInfo};
use gaschain::evidence::Evidence;
use gaschain::measure::Measure;
use gaschain::param::{BY_COMPOSITION, ParameterKind, PlacedParameter, Value};
use gaschain::report::number::{number, stated};

/// What a scenario can set.
pub fn parameters(chain: &Chain) -> List {
    let case = chain.case();
    let shown = |one: &PlacedParameter| {
        let mut row = parameter(one);
        // a share that is not set is the one that the composition has
        if one.value == Value::from(BY_COMPOSITION)
            && let Some((composition, species)) = one.address.rsplit_once('.')
            && let Ok(shares) = case.composition(composition)
            && let Some((_, share)) = shares.into_iter().find(|(name, _)| *name == species)
        {
            row[1] = format!("{} %", number(Some(share * 100.0)));
        }
        row
    };
    let rows = chain.parameters().iter().map(shown).collect();
    List { columns: vec!["address", "value", "evidence", "allowed", "what it is; source"], rows }
}

fn parameter(parameter: &PlacedParameter) -> Vec<String> {
    vec![
        parameter.address.clone(),
        parameter.value.to_string(),
        parameter.provenance.evidence.to_string(),
        parameter.kind.allowed(),
        with_source(&parameter.about, &parameter.provenance.source),
    ]
}

fn with_source(about: &str, source: &str) -> String {
    match (about, source) {
        (about, "") => about.to_owned(),
        ("", source) => format!("source: {source}"),
        (about, source) => format!("{about}; source: {source}"),
    }
}

/// Limits, with what their capacity is made of.
pub fn limits(chain: &Chain) -> List {
    let case = chain.case();
    let rows = chain
        .limits()
        .map(|limit| {
            vec![
                limit.address.to_owned(),
                limit.direction.as_str().replace('_', " "),
                capacity(&case, &limit),
                limit.provenance.evidence.to_string(),
                factors(chain, &limit),
                limit.provenance.source.clone(),
            ]
        })
        .collect();
    List { columns: vec!["limit", "is", "capacity", "evidence", "made of", "source"], rows }
}

/// The product of a limit's factors, where all are known; 0 where one is 0.
fn capacity(case: &Case, limit: &LimitInfo<'_>) -> String {
    let in_si = |address: &&str| {
        let factor =
            case.chain().parameters().iter().find(|parameter| parameter.address == **address)?;
        let ParameterKind::Number { unit, .. } = factor.kind else { return None };
        Some(unit.to_si(case.get(address).ok()??))
    };
    let factors: Vec<Option<f64>> = limit.factors.iter().map(in_si).collect();
    let product = if factors.contains(&Some(0.0)) {
        Some(0.0)
    } else {
        factors.into_iter().try_fold(1.0, |product, factor| Some(product * factor?))
    };
    match product {
        Some(si) => format!("{} {}", stated(limit.unit.from_si(si)), limit.unit),
        None => format!("unknown ({})", limit.unit),
    }
}

/// What the capacity is the product of, with the value of each; nothing for one set by itself.
fn factors(chain: &Chain, limit: &LimitInfo<'_>) -> String {
    if limit.factors == [limit.address] {
        return String::new();
    }
    let parameters = chain.parameters();
    let shown = limit.factors.iter().map(|address| {
        let factor = parameters.iter().find(|parameter| parameter.address == *address);
        factor.map_or_else(|| (*address).to_owned(), |one| format!("{address} {}", one.value))
    });
    shown.collect::<Vec<_>>().join(" x ")
}

/// What can be asked for.
pub fn results(chain: &Chain) -> List {
    let mut rows = Vec::new();
    let mut row = |address: String, unit: &str, what: &str| {
        rows.push(vec![address, unit.to_owned(), what.to_owned()]);
    };
    for inlet in chain.inlets() {
        for (field, what) in [
            ("offered", "inlet"),
            ("accepted", "inlet"),
            ("shut_in", "inlet"),
            ("stopped_by", "inlet; a name"),
        ] {
            let address = format!("{inlet}.{field}");
            let unit = unit_of(chain, &address);
            row(address, &unit, what);
        }
    }
    for limit in chain.limits() {
        for field in ["load", "capacity", "utilisation", "margin", "broken"] {
            let address = format!("{}.{field}", limit.address);
            let unit = unit_of(chain, &address);
            row(address, &unit, "limit");
        }
    }
    for (address, unit, about) in chain.loads() {
        row(address, &shown(unit), &format!("load that a stage states: {about}"));
    }
    let all = Measure::listed(chain.slate());
    let of_all = || all.iter().filter(|measure| !matches!(measure, Measure::MoleFraction(_)));
    for port in chain.ports() {
        for measure in of_all() {
            row(format!("{port}.{measure}"), &shown(measure.unit()), "port");
        }
    }
    for (family, what) in [
        (
            "<port>.mole_fraction.<species>",
            "of any port and species; C5+ for all with so many carbon atoms",
        ),
        ("<port>.mass_fraction.<species>", "the same by mass"),
        ("<port>.volume.<species>", "of one species; mass and moles likewise"),
        (
            "<port>.gross_heat_real@15",
            "at other temperatures; @25/0: of combustion and of metering",
        ),
        ("openings", "what is promised of them: exact, converged or local; a name"),
        ("worst_residual", "of all balances"),
    ] {
        row(family.to_owned(), "-", what);
    }
    List { columns: vec!["address", "unit", "what it is"], rows }
}

fn unit_of(chain: &Chain, address: &str) -> String {
    let unit = chain.output(address).ok().and_then(|output| output.unit());
    unit.map_or_else(|| "-".to_owned(), shown)
}

/// The compositions that parameters can name.
pub fn feeds(chain: &Chain) -> List {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for parameter in chain.parameters() {
        let ParameterKind::Composition { rows: feeds, slate } = &parameter.kind else { continue };
        for feed in feeds {
            let parts: Vec<String> = slate
                .names()
                .zip(&feed.mole_fractions)
                .filter(|(_, share)| **share > 0.0)
                .map(|(species, share)| format!("{species} {} %", number(Some(share * 100.0))))
                .collect();
            let balance = feed.balance.map_or("-", |species| slate.get(species).name.as_str());
            let (address, name) = (parameter.address.clone(), feed.name.clone());
            rows.push(vec![address, name, balance.to_owned(), parts.join(", ")]);
        }
    }
    List { columns: vec!["parameter", "feed", "balance", "mole fractions"], rows }
}

/// What the chain's answers rest on that no source states: recalled, assumed or imposed values,
/// with the limits they are factors of.
pub fn assumptions(chain: &Chain) -> List {
    let limits: Vec<LimitInfo<'_>> = chain.limits().collect();
    let rests = |parameter: &&PlacedParameter| {
        (Evidence::Recalled..=Evidence::Imposed).contains(&parameter.provenance.evidence)
    };
    let rows = chain
        .parameters()
        .iter()
        .filter(rests)
        .map(|one| {
            let used: Vec<&str> = limits
                .iter()
                .filter(|limit| limit.factors.contains(&one.address.as_str()))
                .map(|limit| limit.address)
                .filter(|limit| *limit != one.address)
                .collect();
            let mut row = parameter(one);
            row.insert(4, used.join(" "));
            row
        })
        .collect();
    let columns =
        vec!["address", "value", "evidence", "allowed", "factor of", "what it is; source"];
    List { columns, rows }
}
