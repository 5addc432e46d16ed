//! Gas flow through long lines: friction, pipe segments, loops, compressor stations.
