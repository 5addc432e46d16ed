//! What is declared of a chain, step by step, to be declared in the order it was made or in another.

use crate::support::seeds::Random;
use gaschain::chain::Builder;
use gaschain::limit::Limit;
use gaschain::param::Value;
use gaschain::stage::Stage;

type Step = Box<dyn FnOnce(&mut Builder)>;

/// Steps of a builder that may come in any order.
#[derive(Default)]
pub struct Steps(Vec<Step>);

impl Steps {
    fn push(&mut self, step: impl FnOnce(&mut Builder) + 'static) -> &mut Self {
        self.0.push(Box::new(step));
        self
    }

    pub fn stage(&mut self, name: &str, stage: impl Stage + 'static) -> &mut Self {
        let name = name.to_owned();
        self.push(move |builder| {
            builder.stage(&name, stage);
        })
    }

    pub fn chain(&mut self, name: &str, chain: Builder) -> &mut Self {
        let name = name.to_owned();
        self.push(move |builder| {
            builder.chain(&name, chain);
        })
    }

    pub fn set(&mut self, address: &str, value: impl Into<Value>) -> &mut Self {
        let (address, value) = (address.to_owned(), value.into());
        self.push(move |builder| {
            builder.set(&address, value);
        })
    }

    pub fn connect(&mut self, connection: &str) -> &mut Self {
        let connection = connection.to_owned();
        self.push(move |builder| {
            builder.connect(&connection);
        })
    }

    pub fn connect_by_switch(&mut self, connection: &str, switch: &str, open: bool) -> &mut Self {
        let (connection, switch) = (connection.to_owned(), switch.to_owned());
        self.push(move |builder| {
            builder.connect_by_switch(&connection, &switch, open);
        })
    }

    pub fn limit(&mut self, limit: Limit) -> &mut Self {
        self.push(move |builder| {
            builder.limit(limit);
        })
    }

    pub fn leaving_as_product(&mut self, port: &str) -> &mut Self {
        let port = port.to_owned();
        self.push(move |builder| {
            builder.leaving_as_product(&port);
        })
    }
}

/// In which order steps are taken.
pub struct Shuffle(Option<Random>);

impl Shuffle {
    /// As they were made.
    pub fn none() -> Self {
        Self(None)
    }

    /// In an order by this seed.
    pub fn by(seed: u64) -> Self {
        Self(Some(Random::new(seed)))
    }

    /// Takes the steps.
    pub fn run(&mut self, mut steps: Steps, builder: &mut Builder) {
        if let Some(random) = &mut self.0 {
            random.shuffle(&mut steps.0);
        }
        for step in steps.0 {
            step(builder);
        }
    }
}
