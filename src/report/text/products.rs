//! What comes out, beside what was announced.

use super::grid::{Grid, Side, wrapped};
use super::limits::Used;
use super::{WIDTH, in_readable, readable};
use crate::chain::PlacedLoad;
use crate::evidence::{Evidence, Provenance};
use crate::limit::Direction;
use crate::report::number::{difference, fixed, number, stated};
use crate::report::owner;
use crate::solved::{LimitResult, ProductResult, Solved};
use crate::stage::StreamId;

pub(super) fn section(solved: &Solved) -> String {
    let products: Vec<ProductResult<'_>> = solved.products().collect();
    let mut groups: Vec<&str> = Vec::new();
    for result in &products {
        let group = result.product.group.as_str();
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    let mut grid = Grid::new(&[
        ("", Side::Left),
        ("value", Side::Right),
        ("announced", Side::Right),
        ("gap", Side::Right),
        ("gap %", Side::Right),
        ("unit", Side::Left),
        ("announced is", Side::Left),
    ]);
    for group in groups {
        if !group.is_empty() {
            grid.line(group);
        }
        for result in products.iter().filter(|result| result.product.group == group) {
            product(solved, result, &mut grid);
        }
    }
    let notes = worth_of_agreement(&products) + &imposed_parameters(solved);
    let gap = if notes.is_empty() { "" } else { "\n" };
    format!("{grid}{gap}{notes}")
}

fn product(solved: &Solved, result: &ProductResult<'_>, grid: &mut Grid) {
    let limits = limits_of(solved, result);
    let imposed_limit = limits.iter().any(|limit| limit.provenance.evidence == Evidence::Imposed);
    let read = |value: f64| in_readable(value, result.product.unit);
    let value = result.value.map(read);
    let mut cells = vec![
        format!("  {}", result.product.name),
        number(value),
        "-".into(),
        "-".into(),
        "-".into(),
        readable(result.product.unit).to_string(),
        String::new(),
    ];
    if let Some(announced) = result.announced {
        let evidence = announced.provenance.evidence;
        let agreement = result.product.agreement.as_ref();
        let imposed = imposed_limit
            || evidence == Evidence::Imposed
            || agreement.is_some_and(|worth| worth.evidence == Evidence::Imposed);
        let figure = read(announced.value);
        let gap = value.map(|value| value - figure);
        cells[2] = stated(figure);
        cells[3] = difference(gap, figure);
        cells[4] = match gap {
            // agreement that was put in is none
            _ if imposed => "imposed".into(),
            Some(gap) if figure != 0.0 => relative(gap / figure),
            _ => "-".into(),
        };
        if imposed {
            cells[2].push_str(" (imposed)");
        }
        cells[6] = evidence.to_string();
    }
    grid.row(cells);
    for limit in limits {
        let used = Used::of(&limit);
        let state = match used {
            // what a limit sets is no finding of the model
            Used::Share(share) if (share - 1.0).abs() <= 1e-9 => "sets this value".into(),
            Used::Share(_) => format!("{used} used"),
            _ => used.to_string(),
        };
        let evidence = limit.provenance.evidence;
        grid.note(&format!("└ limit {} ({evidence}): {state}", limit.limit));
    }
}

fn relative(gap: f64) -> String {
    let percent = fixed(gap * 100.0, 1);
    if percent == "0.0" {
        if gap.abs() <= 1e-9 { "0".into() } else { "~0".into() }
    } else if gap > 0.0 {
        format!("+{percent}")
    } else {
        percent
    }
}

/// At-most limits on the flow at the product's own port, or named after the stage that makes it
/// and on what enters there.
fn limits_of<'a>(solved: &'a Solved, result: &ProductResult<'_>) -> Vec<LimitResult<'a>> {
    let chain = solved.chain();
    if result.product.measure.is_quality() {
        return Vec::new();
    }
    let own = owner(solved, &result.product.port);
    let port = chain.port(&result.product.port);
    let maker = chain.tree.stages.iter().find(|stage| stage.address == own);
    let enters = |limit: &str, stream: StreamId| {
        let named = limit.strip_prefix(own).is_some_and(|rest| rest.starts_with('.'));
        named && maker.is_some_and(|stage| stage.inlets.contains(&stream))
    };
    let placed = solved.limits().zip(&chain.tree.limits);
    let here = placed.filter(|(limit, placed)| {
        let at = match &placed.load {
            PlacedLoad::Port { stream, load } => {
                load.is_flow() && (port == Some(*stream) || enters(limit.limit, *stream))
            }
            PlacedLoad::Stated(_) => false,
        };
        limit.direction == Direction::AtMost && at
    });
    here.map(|(limit, _)| limit).collect()
}

/// What agreement with announced figures is worth where it was helped: a line a reason.
fn worth_of_agreement(products: &[ProductResult<'_>]) -> String {
    let mut reasons: Vec<(&Provenance, Vec<&str>)> = Vec::new();
    for result in products.iter().filter(|result| result.announced.is_some()) {
        if let Some(worth) = &result.product.agreement {
            let name = result.product.name.as_str();
            match reasons.iter_mut().find(|(other, _)| *other == worth) {
                Some((_, names)) => names.push(name),
                None => reasons.push((worth, vec![name])),
            }
        }
    }
    let line = |(worth, names): &(&Provenance, Vec<&str>)| {
        let said = if worth.source.is_empty() { "" } else { ": " };
        let text = format!(
            "  Agreement in {} is {}{said}{}.",
            names.join(", "),
            worth.evidence,
            worth.source
        );
        wrapped(&text, "    ", WIDTH)
    };
    reasons.iter().map(line).collect()
}

/// The parameters that were chosen to meet an announced figure, by name.
fn imposed_parameters(solved: &Solved) -> String {
    let overridden = &solved.values().overrides;
    let chosen = solved.chain().parameters.pairs().filter(|(id, parameter)| {
        parameter.provenance.evidence == Evidence::Imposed
            && !overridden.iter().any(|(other, _)| other == id)
    });
    let chosen: Vec<String> = chosen
        .map(|(_, parameter)| {
            let source = &parameter.provenance.source;
            let source = if source.is_empty() { String::new() } else { format!(" ({source})") };
            format!("{} = {}{source}", parameter.address, parameter.value)
        })
        .collect();
    if chosen.is_empty() {
        return String::new();
    }
    let text = format!(
        "  Imposed, that is chosen to meet an announced figure, so that meeting it proves nothing: {}",
        chosen.join("; ")
    );
    wrapped(&text, "  ", WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn line<'t>(text: &'t str, product: &str) -> &'t str {
        text.lines().find(|line| line.trim_start().starts_with(product)).unwrap()
    }

    #[test]
    fn a_product_stands_beside_its_announced_figure_under_its_group() {
        let chain = sample::chain();
        let solved = chain.case().solve().unwrap();
        let text = section(&solved);
        let words: Vec<&str> = line(&text, "sales gas").split_whitespace().collect();
        assert_eq!(
            words,
            ["sales", "gas", "1.500", "1.6", "-0.1000", "-6.3", "bcm/yr", "published"]
        );
        let place = |what: &str| text.find(what).unwrap();
        assert!(place("\n  plant\n") < place("sales gas") && place("helium") > place("sales gas"));
        assert!(text.contains("└ limit city.demand (published): sets this value"));
    }

    #[test]
    fn an_imposed_figure_is_never_agreement() {
        let mut chain = sample::chain();
        let solved = chain.case().solve().unwrap();
        let value = solved.product("helium").unwrap().value.unwrap();
        let mut announce = |evidence| {
            let provenance = Provenance { evidence, source: String::new() };
            std::sync::Arc::make_mut(&mut chain.products)[1].product.announced =
                Some(crate::chain::Announced { value, provenance });
            section(&chain.case().solve().unwrap())
        };
        let agreeing = announce(Evidence::Published);
        assert!(line(&agreeing, "helium").contains(" 0 "));
        assert!(!line(&agreeing, "helium").contains("imposed"));
        let imposed = announce(Evidence::Imposed);
        assert!(line(&imposed, "helium").contains("(imposed)"));
        assert!(!line(&imposed, "helium").contains('%'));
    }

    #[test]
    fn agreement_that_was_helped_says_so() {
        let mut chain = sample::chain();
        let mut helped = |evidence| {
            let source = "the demand it is run to".into();
            std::sync::Arc::make_mut(&mut chain.products)[0].product.agreement =
                Some(Provenance { evidence, source });
            section(&chain.case().solve().unwrap())
        };
        let imposed = helped(Evidence::Imposed);
        assert!(line(&imposed, "sales gas").contains("1.6 (imposed)"));
        assert!(!line(&imposed, "sales gas").contains("-6.3"));
        assert!(imposed.contains("Agreement in sales gas is imposed: the demand it is run to."));
        let assumed = helped(Evidence::Assumed);
        assert!(line(&assumed, "sales gas").contains("-6.3"));
        assert!(assumed.contains("Agreement in sales gas is assumed: the demand it is run to."));
    }

    #[test]
    fn a_figure_met_by_an_imposed_limit_is_imposed_too() {
        let chain = sample::chain_with_demand(Evidence::Imposed);
        let text = section(&chain.case().solve().unwrap());
        assert!(line(&text, "sales gas").contains("1.6 (imposed)"));
        let words: Vec<&str> = text.split_whitespace().collect();
        let said = "so that meeting it proves nothing: city.demand = 1.5 bcm/yr";
        assert!(words.join(" ").contains(said));
    }
}
