//! Switches: decisions that are right when off. Each read is noted, so that the selftest knows which cases
//! a mutant can change at all: a case in which nobody asks for a switch goes the same way with it on.

/// One decision. Only the method of its name reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Switch(bool);

/// What a mutant sets.
pub(crate) const ON: Switch = Switch(true);

impl Switch {
    /// For the methods that note the read.
    pub(super) const fn is_on(self) -> bool {
        self.0
    }
}

/// A struct of switches, each with a method that reads it, and of other fields. A name is `prefix` + field.
macro_rules! switches {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident, $prefix:literal;
        $($(#[$doc:meta])* $field:ident,)*
        $(; $($(#[$other_doc:meta])* $other:ident: $type:ty,)*)?
    ) => {
        $(#[$meta])*
        // No two behaviours are compared but in tests: who asks whether a server is honest hides what it asks then.
        #[cfg_attr(test, derive(PartialEq, Eq))]
        #[derive(Debug, Clone, Default)]
        $visibility struct $name {
            $($(#[$doc])* pub(crate) $field: Switch,)*
            $($($(#[$other_doc])* pub(crate) $other: $type,)*)?
        }

        #[allow(non_camel_case_types, reason = "a place for each field")]
        enum Place {
            $($field,)*
            Count,
        }

        static READ: [AtomicBool; Place::Count as usize] = [const { AtomicBool::new(false) }; Place::Count as usize];
        const NAMES: [&str; Place::Count as usize] = [$(concat!($prefix, stringify!($field))),*];

        impl $name {
            $(
                pub(crate) fn $field(&self) -> bool {
                    READ[Place::$field as usize].store(true, Ordering::Relaxed);
                    self.$field.is_on()
                }
            )*

            /// Names of the switches that are on.
            pub(super) fn on(&self) -> Vec<&'static str> {
                let all = [$(self.$field),*];
                NAMES.into_iter().zip(all).filter(|(_, switch)| switch.is_on()).map(|(name, _)| name).collect()
            }

            /// Names of the switches that were read since they were asked for last.
            pub(super) fn take_read() -> impl Iterator<Item = &'static str> {
                let read = READ.iter().zip(NAMES);
                read.filter(|(read, _)| read.swap(false, Ordering::Relaxed)).map(|(_, name)| name)
            }
        }
    };
}

pub(super) use switches;
