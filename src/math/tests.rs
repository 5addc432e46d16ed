//! The functions against correctly rounded values.
