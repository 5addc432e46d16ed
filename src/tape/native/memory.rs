//! Memory that machine code runs in.

#![allow(unsafe_code, reason = "machine code is called by address")]

use memmap2::{Mmap, MmapMut};

/// Machine code, no longer writable.
#[derive(Debug)]
pub(super) struct Executable(Mmap);

impl Executable {
    /// `None` where the system refuses.
    pub fn new(code: &[u8]) -> Option<Self> {
        let mut memory = MmapMut::map_anon(code.len().max(1)).ok()?;
        memory[..code.len()].copy_from_slice(code);
        memory.make_exec().ok().map(Self)
    }

    /// Calls the function that begins at `at`.
    ///
    /// # Safety
    ///
    /// One has to begin there that returns, and reads and writes only what these pointers lead to.
    pub unsafe fn call(&self, at: usize, frame: *mut f64, constants: *const f64) -> u32 {
        type Function = unsafe extern "sysv64" fn(*mut f64, *const f64) -> u32;
        let address = self.0[at..].as_ptr();
        // SAFETY: executable memory lies there as long as `self` does, and as the caller promises
        // it holds a function of this kind
        unsafe {
            let function = std::mem::transmute::<*const u8, Function>(address);
            function(frame, constants)
        }
    }
}
