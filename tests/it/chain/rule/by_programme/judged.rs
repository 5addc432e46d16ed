//! The library on the chains: openings, what is named, and that no throttling limit is broken.

use super::cases;

#[test]
fn every_chain_has_the_openings_that_a_programme_found() {
    let mut wrong = Vec::new();
    for (name, case) in cases() {
        let chain = case.built();
        let solved = match chain.case().solve() {
            Ok(solved) => solved,
            Err(error) => {
                wrong.push(format!("{name}: {error}"));
                continue;
            }
        };
        let mut why = Vec::new();
        for (field, right) in case.fields.iter().zip(&case.openings) {
            let got = solved.accepted_fraction(field).unwrap();
            // the file has them to the last digit of a rounded rational
            if (got - right).abs() > 1e-9 {
                why.push(format!("{field} opened {got}, right {right}"));
            }
            let result = solved.inlet(field).unwrap();
            if got < 1.0 - 1e-9 && result.stopped_by.is_fully_drawn() {
                why.push(format!("{field}: nothing is named"));
            }
            for limit in result.stopped_by.limits() {
                let used = solved.limit(limit).unwrap().utilisation;
                if used.is_some_and(|used| used < 1.0 - 1e-9) {
                    why.push(format!("{field} is stopped by {limit}, used to {used:?}"));
                }
            }
        }
        why.extend(solved.limits().filter(|limit| limit.broken).map(|limit| format!("{limit:?}")));
        if !why.is_empty() {
            wrong.push(format!("{name}: {}", why.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{} of 60 wrong\n{}", wrong.len(), wrong.join("\n"));
}
