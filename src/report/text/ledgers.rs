//! Where the carbon ends, and where the heating value goes.

use super::grid::{Grid, Side, wrapped};
use crate::ledger::{Carbon, ChainCarbon, Energy, StageEnergy};
use crate::report::number::{fixed, number, percent};
use crate::solved::Solved;

/// Carbon by where it ends, and the carbon dioxide of each chain.
pub(super) fn carbon(solved: &Solved) -> String {
    let ledger = Carbon::of(solved);
    let Some(whole) = ledger.chains.first().filter(|chain| chain.carbon_in > 0.0) else {
        return String::new();
    };
    let mut grid = Grid::new(&[
        ("", Side::Left),
        ("carbon, t/yr", Side::Right),
        ("share", Side::Right),
        ("carbon dioxide, t/yr", Side::Right),
    ]);
    for (end, carbon, carbon_dioxide) in whole.by_end() {
        let gas = if carbon_dioxide > 0.0 { fixed(carbon_dioxide, 0) } else { "-".into() };
        grid.row(vec![end.into(), fixed(carbon, 0), percent(carbon / whole.carbon_in), gas]);
    }
    grid.row(vec![
        "total".into(),
        fixed(whole.carbon_out, 0),
        percent(whole.carbon_out / whole.carbon_in),
        fixed(whole.carbon_dioxide, 0),
    ]);
    let mut text = grid.to_string();
    let inner = ledger.chains[1..].iter().filter(|chain| chain.carbon_dioxide > 0.0);
    let lines = std::iter::once(whole).chain(inner).filter_map(per_tonne);
    text.extend(lines.map(|line| wrapped(&line, "    ", super::WIDTH)));
    if whole.methane_vented > 0.0 {
        let methane = fixed(whole.methane_vented, 0);
        let line = format!("  {methane} t/yr of methane leaves unburned with what is vented.");
        text.push_str(&wrapped(&line, "    ", super::WIDTH));
    }
    text
}

fn per_tonne(chain: &ChainCarbon) -> Option<String> {
    Some(format!(
        "  {}: {} t of carbon dioxide per t of what it makes",
        chain.chain,
        number(Some(chain.carbon_dioxide_per_tonne?))
    ))
}

/// Where fuel is burned, and what enters and leaves the outermost chain.
pub(super) fn energy(solved: &Solved) -> String {
    let ledger = Energy::of(solved);
    let mut grid = Grid::new(&[
        ("net, PJ/yr", Side::Left),
        ("in", Side::Right),
        ("imported", Side::Right),
        ("out", Side::Right),
        ("burned", Side::Right),
        ("heat of reaction", Side::Right),
    ]);
    let burning = ledger.stages.iter().filter(|stage| {
        let burns = stage.burned.is_none_or(|burned| burned > 0.0);
        burns || stage.reaction.is_some_and(|heat| heat != 0.0)
    });
    let mut any = false;
    for stage in burning {
        let shown = |heat: Option<f64>| match heat {
            None => "unknown".to_owned(),
            Some(0.0) => "-".into(),
            Some(heat) => number(Some(heat)),
        };
        let reaction = match (stage.reaction, stage.residual) {
            (None, None) => "unknown".into(),
            (heat, _) => shown(heat.or(Some(0.0))),
        };
        grid.row(vec![
            stage.stage.clone(),
            shown(stage.inflow),
            shown(stage.imported),
            shown(stage.outflow),
            shown(stage.burned),
            reaction,
        ]);
        any = true;
    }
    if !any {
        return String::new();
    }
    grid.to_string() + &wrapped(&closed(&ledger), "    ", super::WIDTH)
}

/// How well the ledger closes, net and gross, and of how much that is not known.
fn closed(ledger: &Energy) -> String {
    let halves = [&ledger.stages, &ledger.gross];
    let residuals = halves.into_iter().flatten().filter_map(|stage| stage.residual);
    let unknown = halves.map(|half| half.iter().filter(|stage| is_unknown(stage)).count());
    let not_known = match unknown.into_iter().max().unwrap_or_default() {
        0 => String::new(),
        1 => "; not known of 1, through which a species without a known heat flows".to_owned(),
        unknown => {
            format!("; not known of {unknown}, through which species without a known heat flow")
        }
    };
    match residuals.reduce(f64::max) {
        Some(worst) => format!(
            "  Heating value in + heat of reaction = out + burned at every stage that does not \
             react, and every chain (worst residual, net or gross, {worst:.1e}){not_known}."
        ),
        None => format!("  No stage or chain could be held by its heating values{not_known}."),
    }
}

/// Whether too little is known of a stage or chain to say that it closes or what its reactions are.
fn is_unknown(stage: &StageEnergy) -> bool {
    let ends = [stage.inflow, stage.imported, stage.outflow, stage.burned];
    stage.residual.is_none() && (stage.reaction.is_none() || ends.contains(&None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_chain_shows_where_its_carbon_ends() {
        let chain = crate::amur::chain();
        let solved = chain.case().solve().unwrap();
        let text = carbon(&solved);
        for end in ["sales gas", "polymers", "other products", "burned", "flared", "reinjected"] {
            assert!(text.lines().any(|line| line.trim_start().starts_with(end)), "{end}");
        }
        assert!(text.contains("gcc: 0.5"));
    }

    #[test]
    fn what_is_not_known_is_not_said_to_close() {
        let chain = crate::amur::chain();
        let mut ledger = Energy::of(&chain.case().solve().unwrap());
        let whole = closed(&ledger);
        assert!(whole.contains("at every stage that does not react, and every chain (worst"));
        assert!(!whole.contains("unknown") && !whole.contains("known heat"), "{whole}");
        // the worst is that of either half
        let at = ledger.gross.iter().position(|stage| stage.residual.is_some()).unwrap();
        ledger.gross[at].residual = Some(0.25);
        assert!(closed(&ledger).contains("net or gross, 2.5e-1)"));
        let forget = |stage: &mut StageEnergy| {
            (stage.inflow, stage.reaction, stage.residual) = (None, None, None);
        };
        forget(&mut ledger.stages[0]);
        let said = closed(&ledger);
        assert!(
            said.ends_with("; not known of 1, through which a species without a known heat flows.")
        );
        for half in [&mut ledger.stages, &mut ledger.gross] {
            half.iter_mut().for_each(forget);
        }
        let said = closed(&ledger);
        let all = ledger.stages.len();
        assert!(said.contains("No stage or chain could be held") && !said.contains("out + burned"));
        assert!(said.contains(&format!("not known of {all}, through which")), "{said}");
    }

    #[test]
    fn a_chain_without_carbon_says_nothing() {
        let chain = crate::report::sample::chain();
        let mut case = chain.case();
        case.set("field.flow", "0 bcm/yr").unwrap();
        let solved = case.solve().unwrap();
        assert_eq!(carbon(&solved) + &energy(&solved), "");
    }
}
