//! What a report holds under keys of its own: names with shares, addresses with values as written.

use crate::param::{Value, of_shares};
use crate::quantity::{Quantity, Unit};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// A map that keeps its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Map<V>(pub(super) Vec<(String, V)>);

impl<V> Map<V> {
    /// What stands under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&V> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// Keys and what stands under them, in order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &V)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }
}

impl<V: Serialize> Serialize for Map<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Map<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder(PhantomData)).map(Self)
    }
}

/// Reads a map, each key once.
struct InOrder<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for InOrder<V> {
    type Value = Vec<(String, V)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut read: Vec<(String, V)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, V>()? {
            if read.iter().any(|(known, _)| *known == key) {
                return Err(A::Error::custom(format!("duplicate key \"{key}\"")));
            }
            read.push((key, value));
        }
        Ok(read)
    }
}

/// A value as somebody wrote it: a text, a bare number, true or false, a composition.
#[derive(Debug, Clone, PartialEq)]
pub struct Written(pub(super) Value);

impl Written {
    /// The value.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.0
    }
}

/// A quantity is written as the text it reads.
impl From<&Value> for Written {
    fn from(value: &Value) -> Self {
        Self(match value {
            Value::Quantity(quantity) if quantity.unit() != Unit::BARE => {
                Value::Text(quantity.to_string())
            }
            other => other.clone(),
        })
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
            Value::Quantity(quantity) if quantity.unit() == Unit::BARE => {
                let number = quantity.value();
                // four trains are 4, as somebody writes them, and not 4.0
                match number.to_string().parse::<i64>() {
                    Ok(whole) => serializer.serialize_i64(whole),
                    Err(_) => serializer.serialize_f64(number),
                }
            }
            Value::Quantity(quantity) => serializer.collect_str(quantity),
            Value::Composition(parts) => {
                serializer.collect_map(parts.iter().map(|(name, share)| (name, share)))
            }
            Value::MassComposition(parts) => {
                let parts = parts.iter().map(|(name, share)| (name, Share::by_mass(*share)));
                serializer.collect_map(parts)
            }
        }
    }
}

/// As it is written.
#[derive(Deserialize)]
#[serde(untagged)]
enum Form {
    Text(String),
    Flag(bool),
    Number(f64),
    Composition(Map<Share>),
}

/// A share of a composition: a number by moles, a text by mass.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Share {
    Number(f64),
    Text(String),
}

impl Share {
    fn by_mass(share: f64) -> Self {
        Self::Text(Quantity::new(share, Unit::MASS_FRACTION).to_string())
    }

    fn read<E: serde::de::Error>(self) -> Result<Quantity, E> {
        match self {
            Self::Number(number) => Ok(Quantity::fraction(number)),
            Self::Text(text) => text.parse().map_err(E::custom),
        }
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Form::deserialize(deserializer)? {
            Form::Text(text) => Value::Text(text),
            Form::Flag(flag) => Value::Flag(flag),
            Form::Number(number) => Value::Quantity(Quantity::fraction(number)),
            Form::Composition(Map(parts)) => {
                let part = |(name, share): (String, Share)| Ok((name, share.read()?));
                let parts = parts.into_iter().map(part).collect::<Result<_, D::Error>>()?;
                of_shares(parts).map_err(D::Error::custom)?
            }
        }))
    }
}
