//! Columns, rows handed to a function, and a CSV file hold the same numbers under the same
//! headings.

use crate::support::squares::Squares;
use crate::sweep::run::csv;
use gaschain::sweep::{Column, Columns, Csv, Each, Layout, Row, Runner, Source};
use std::ops::ControlFlow;

#[test]
fn columns_and_a_function_see_what_a_file_has() {
    let source = Squares::new(2_000);
    let mut columns = Columns::new(source.layout());
    let mut rows = Vec::new();
    let mut each = Each(|row: Row<'_>| {
        rows.push((row.scenario(), row.outputs().next().unwrap(), row.error.map(str::to_owned)));
    });
    let mut both = (columns.clone(), &mut each);
    Runner::new().threads(2).run(&source, &mut both, |_| ControlFlow::Continue(())).unwrap();
    columns = both.0;
    let text = csv(&source, 1, 0..2_000);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(
        header,
        [
            "scenario",
            "field.flow [bcm/yr]",
            "plant.gas.volume [bcm/yr]",
            "plant.margin",
            "field.stopped_by",
            "worst_residual",
            "broken",
            "error"
        ]
    );
    let (_, volumes) = columns.get("plant.gas.volume").unwrap();
    let (column, stops) = columns.get("field.stopped_by").unwrap();
    let (_, flows) = columns.get("field.flow").unwrap();
    for (index, record) in reader.records().map(Result::unwrap).enumerate() {
        assert_eq!(record[0].parse::<u64>().unwrap(), columns.scenarios[index]);
        assert_eq!(record[1].parse::<f64>().unwrap().to_bits(), flows[index].to_bits());
        let failed = !record[7].is_empty();
        assert_eq!(failed, index % 701 == 700);
        assert_eq!(failed, columns.errors.iter().any(|(scenario, _)| *scenario == index as u64));
        let limits = columns.layout.limits.iter().zip(&columns.broken);
        let broken = limits.filter(|(_, places)| places.contains(&index));
        let broken: Vec<&str> = broken.map(|(limit, _)| limit.as_str()).collect();
        assert_eq!(&record[6], broken.join("; "));
        assert_eq!((rows[index].0, rows[index].2.is_some()), (index as u64, failed));
        if failed {
            assert_eq!(&record[7], "a \"stage\" does not close; and why");
            assert!(record.iter().skip(2).take(4).all(str::is_empty));
            assert!(volumes[index].is_nan() && columns.worst_residuals[index].is_nan());
        } else {
            assert_eq!(record[2].parse::<f64>().unwrap().to_bits(), volumes[index].to_bits());
            assert_eq!(rows[index].1.to_bits(), volumes[index].to_bits());
            assert_eq!(Some(&record[4]), column.name(stops[index]));
        }
    }
}

#[test]
fn a_column_is_headed_by_its_address_and_unit() {
    let column = |address: &str| Column { address: address.into(), unit: None, names: None };
    let (axes, outputs) = (vec![column("a,b")], vec![column("c\"d")]);
    let layout = Layout { axes, outputs, limits: Vec::new() };
    let mut text = Vec::new();
    drop(Csv::new(&mut text, &layout).unwrap());
    assert_eq!(
        String::from_utf8(text).unwrap(),
        "scenario,\"a,b\",\"c\"\"d\",worst_residual,broken,error\n"
    );
}
