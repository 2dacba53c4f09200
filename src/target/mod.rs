//! The one table of what the compiler knows of a target.
