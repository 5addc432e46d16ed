//! What supplies offer: said by mass or heat, of compositions with shares set by themselves; in
//! cases, functions and gradients.

use gaschain::sweep::Slopes;
use gaschain::{ErrorKind, amur};

#[test]
fn a_share_and_a_flow_by_mass_are_inputs_and_have_gradients() {
    let chain = amur::chain();
    let inputs = ["chayanda.flow [Mt/yr]", "chayanda.composition.N2 [%]"];
    let outputs = ["chayanda.offered", "chayanda.gas.mass [Mt/yr]"];
    let mut function = chain.function(inputs, outputs).unwrap();
    let mut at = |mass: f64, nitrogen: f64| {
        let mut found = [0.0; 2];
        function.call(&[mass, nitrogen], &mut found).unwrap();
        found
    };
    let (middle, step) = ([5.0, 7.0], 1e-4);
    let here = at(middle[0], middle[1]);
    // all of so little is drawn, and as its composition changes, the mass stays
    assert!((here[1] - 5.0).abs() < 1e-9 && (at(5.0, 9.0)[1] - 5.0).abs() < 1e-9);
    let by_mass = (at(5.0 + step, 7.0)[0] - at(5.0 - step, 7.0)[0]) / (2.0 * step);
    let by_share = (at(5.0, 7.0 + step)[0] - at(5.0, 7.0 - step)[0]) / (2.0 * step);
    let mut slopes = Slopes::default();
    function.gradient(0, &middle, &mut slopes).unwrap();
    for (got, expected) in slopes.slopes.iter().zip([by_mass, by_share]) {
        assert!((got / expected - 1.0).abs() < 1e-6, "{got} and {expected}");
    }
    // a share that leaves methane less than nothing is a fault of the point
    let mut none = [0.0; 2];
    let error = function.call(&[5.0, 99.0], &mut none).unwrap_err();
    assert!(error.to_string().contains("takes up the balance"), "{error}");
}

#[test]
fn an_amount_is_given_back_as_any_unit_counts_it() {
    let mut case = amur::chain().case();
    case.set("chayanda.flow", "19 Mt/yr").unwrap();
    let get = |case: &gaschain::Case, address: &str| case.get(address).unwrap().unwrap();
    assert!((get(&case, "chayanda.flow [Mt/yr]") - 19.0).abs() < 1e-12);
    let volume = get(&case, "chayanda.flow");
    case.set("chayanda.flow", format!("{volume} bcm/yr")).unwrap();
    assert!((get(&case, "chayanda.flow [t/yr]") / 19e6 - 1.0).abs() < 1e-12);
    let (net, gross) =
        (get(&case, "chayanda.flow [PJ/yr net]"), get(&case, "chayanda.flow [PJ/yr]"));
    assert!(gross > 1.09 * net && gross < 1.12 * net, "{gross} and {net}");
    let error = case.set("chayanda.flow", "4 km").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadInput);
    let error = case.get("chayanda.flow [Mt/yy]").unwrap_err().to_string();
    assert!(error.contains("nearest: \"Mt/yr\""), "{error}");
}

#[test]
fn what_a_limit_is_of_decides_and_may_be_said_but_not_contradicted() {
    let chain = amur::chain();
    let refused = |address: &str| chain.output(address).unwrap_err().to_string();
    assert!(refused("heihe.sales_gas.energy [PJ/yr gross]").contains("net"));
    assert!(refused("heihe.sales_gas.mole_fraction.CH4 [mass%]").contains("by moles"));
    assert!(refused("heihe.sales_gas.volume [Mt/yr]").contains("a molar or gas volume flow"));
    let net = chain.output("heihe.sales_gas.energy [GWh/d]").unwrap();
    assert_eq!(net.unit().unwrap().to_string(), "GWh/d net");
    let share = chain.output("heihe.sales_gas.mole_fraction.CH4 [mol%]").unwrap();
    assert_eq!(share.unit().unwrap().to_string(), "mol%");
}
