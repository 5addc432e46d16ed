//! Cases that went wrong before, on the command: a file a topic, inputs beside it.

mod records;
