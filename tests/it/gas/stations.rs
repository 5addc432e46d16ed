//! What stations do to a natural gas, held against the enthalpy, the entropy and the speed of sound
//! of GERG-2008 itself.

use gaschain::flow::{CompressorEfficiency, Discharge, Station, compress};
use gaschain::gas::{EquationGas, Gas, Gerg2008, GergSpecies, NaturalGas, Properties};
use gaschain::species::Slate;

/// Gases of trunk lines, lean to rich: methane, ethane, propane, nitrogen, carbon dioxide, helium.
const GASES: [[f64; 6]; 3] = [
    [0.98, 0.008, 0.002, 0.009, 0.001, 0.0],
    [0.915, 0.049, 0.014, 0.0165, 0.0005, 0.005],
    [0.85, 0.08, 0.025, 0.02, 0.02, 0.005],
];

struct Both {
    tabulated: NaturalGas<f64>,
    direct: EquationGas<f64>,
    equation: Gerg2008<f64>,
}

fn gases() -> impl Iterator<Item = Both> {
    let names = ["methane", "ethane", "propane", "nitrogen", "carbon dioxide", "helium"];
    let species = GergSpecies::new(&Slate::shipped().chosen(names).unwrap());
    GASES.into_iter().map(move |shares| Both {
        tabulated: NaturalGas::gerg_2008(&species, &shares).unwrap(),
        direct: EquationGas::gerg_2008(&species, &shares).unwrap(),
        equation: Gerg2008::of(&species, &shares).unwrap(),
    })
}

impl Both {
    fn properties(&self, pressure: f64, temperature: f64) -> Properties<f64> {
        let density = self.equation.density(pressure, temperature).unwrap();
        self.equation.properties(density, temperature).unwrap()
    }
}

fn station(discharge: f64) -> Station<f64> {
    Station {
        in_service: true,
        discharge: Discharge::Pressure(discharge),
        efficiency: CompressorEfficiency::Polytropic(0.84),
        mechanical_efficiency: 0.99,
        driver_efficiency: 0.36,
        aftercooler_temperature: None,
    }
}

#[test]
fn let_down_ends_at_the_enthalpy_it_began_with() {
    let mut worst = 0.0_f64;
    for gas in gases() {
        for temperature in [298.15, 310.0, 325.0] {
            let before = gas.properties(9.8e6, temperature);
            for to in [9.5e6, 7.4e6, 5e6, 3e6] {
                let done = station(to).run(&gas.tabulated, 8e5, 1e3, 9.8e6, temperature);
                let after = gas.properties(to, done.outlet_temperature);
                let off = (after.enthalpy - before.enthalpy) / after.isobaric_heat_capacity;
                worst = worst.max(off.abs());
                assert!(done.power == 0.0);
            }
        }
    }
    // of up to 34 K, what the table leaves of the equation
    assert!(worst < 0.01, "{worst} K");
}

#[test]
fn an_isentropic_compressor_gains_enthalpy_alone_and_a_real_one_by_its_efficiency() {
    for gas in gases() {
        for (from, to, temperature) in [(6.5e6, 9.8e6, 285.0), (3e6, 5e6, 280.0), (5e6, 7e6, 300.0)]
        {
            let start = gas.properties(from, temperature);
            let run = |efficiency| {
                let efficiency = CompressorEfficiency::Isentropic(efficiency);
                let done = compress(&gas.tabulated, from, temperature, to, efficiency);
                (done.work, gas.properties(to, done.discharge_temperature))
            };
            let (ideal, end) = run(1.0);
            // in kelvins of the discharge
            let entropy = (end.entropy - start.entropy) * 300.0 / end.isobaric_heat_capacity;
            assert!(entropy.abs() < 0.02, "{entropy} K");
            for efficiency in [1.0, 0.8, 0.6] {
                let (work, end) = run(efficiency);
                assert!((work * efficiency / ideal - 1.0).abs() < 1e-14);
                let off = (end.enthalpy - start.enthalpy - work) / end.isobaric_heat_capacity;
                assert!(off.abs() < 0.02, "{efficiency}: {off} K");
            }
        }
    }
}

/// By how much the work of a compressor that is asked too much of differs from the rise of enthalpy
/// between its ends by the equation, relative; `None` where it ends hotter than gas is known.
fn off_work(
    gas: &EquationGas<f64>,
    [from, temperature]: [f64; 2],
    ratio: f64,
    efficiency: CompressorEfficiency<f64>,
) -> Option<f64> {
    let to = from * ratio;
    if to > 70e6 {
        return None;
    }
    let done = compress(gas, from, temperature, to, efficiency);
    if done.discharge_temperature > 500.0 {
        return None;
    }
    let equation = gas.equation();
    let [start, end] = [(from, temperature), (to, done.discharge_temperature)].map(|(p, t)| {
        let density = equation.density(p, t).unwrap();
        equation.properties(density, t).unwrap().enthalpy
    });
    Some(((end - start) / done.work - 1.0).abs())
}

/// Ratios up to ten and efficiencies down to a tenth, of natural gas, ethane and carbon dioxide, also
/// next to where they condense: as far as a station may be set.
#[test]
fn work_is_the_rise_of_enthalpy_however_much_is_asked_of_a_compressor() {
    let pure = GergSpecies::new(&Slate::shipped().chosen(["ethane", "carbon dioxide"]).unwrap());
    let pure = [[1.0, 0.0], [0.0, 1.0]]
        .map(|shares| EquationGas::gerg_2008(&pure, &shares).unwrap())
        .map(|gas| {
            let cold = [[0.5e6, 293.15], [2.5e6, 293.15], [10e6, 290.0]];
            (gas, [&cold[..], &[[3.5e6, 320.0], [6e6, 340.0]]].concat())
        });
    let natural = gases().map(|gas| {
        (gas.direct, vec![[0.5e6, 288.15], [2e6, 270.0], [5e6, 288.15], [6.8e6, 285.0]])
    });
    let mut tried = 0;
    for (gas, suctions) in natural.chain(pure) {
        for suction in suctions {
            for ratio in [1.2, 1.45, 1.7, 2.5, 4.0, 10.0] {
                for efficiency in [0.1, 0.2, 0.29, 0.3, 0.6, 0.84, 1.0] {
                    let usual = ratio <= 1.7 && efficiency >= 0.6;
                    for kind in [CompressorEfficiency::Polytropic, CompressorEfficiency::Isentropic]
                    {
                        let off = off_work(&gas, suction, ratio, kind(efficiency));
                        let Some(off) = off else { continue };
                        tried += 1;
                        assert!(
                            off < if usual { 5e-6 } else { 1e-4 },
                            "{off} at {suction:?}, {ratio}, {efficiency}"
                        );
                    }
                }
            }
        }
    }
    assert!(tried > 800, "{tried}");
}

#[test]
fn its_speed_of_sound_is_that_of_the_equation() {
    for gas in gases() {
        for (pressure, temperature) in [(1e5, 290.0), (3e6, 270.0), (7e6, 285.0), (9.8e6, 320.0)] {
            let ours = gas.tabulated.speed_of_sound(pressure, temperature);
            let equation = gas.properties(pressure, temperature).speed_of_sound;
            assert!(
                (ours / equation - 1.0).abs() < 5e-4,
                "{pressure} {temperature}: {ours} {equation}"
            );
            let asked = gas.direct.speed_of_sound(pressure, temperature);
            assert!((asked / equation - 1.0).abs() < 1e-12);
            let z = gas.tabulated.compressibility(pressure, temperature);
            assert!(
                z.to_bits() == gas.tabulated.state(pressure, temperature).compressibility.to_bits()
            );
        }
    }
}
