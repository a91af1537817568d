//! Error classes and codes that users add (MPI 5.0, section 9.5).

use std::collections::BTreeSet;

use super::ErrorClass;
use crate::{Result, fail};

/// The longest text, in bytes without a terminating zero (`MPI_MAX_ERROR_STRING` counts that too).
pub const MAX_TEXT: usize = 511;

struct Added {
    class: i32,
    text: String,
    /// Of a class: how many codes it has.
    codes: u32,
}

/// Error codes beyond those of the library: numbers from [`ErrorClass::LASTCODE`] on. Numbers that were taken back are
/// given out again.
#[derive(Default)]
pub struct ErrorCodes {
    /// The last place is in use.
    added: Vec<Option<Added>>,
    free: BTreeSet<usize>,
}

const FIRST: i32 = ErrorClass::LASTCODE.0 + 1;

impl ErrorCodes {
    fn index(code: i32) -> Option<usize> {
        code.checked_sub(FIRST).and_then(|index| usize::try_from(index).ok())
    }

    fn find(&self, code: i32) -> Result<&Added> {
        match Self::index(code).and_then(|index| self.added.get(index)) {
            Some(Some(added)) => Ok(added),
            _ => fail!(ERR_ARG, "{code} is not an error code that was added"),
        }
    }

    fn find_mut(&mut self, code: i32) -> Option<&mut Added> {
        Self::index(code).and_then(|index| self.added.get_mut(index)?.as_mut())
    }

    /// The largest code in use (`MPI_LASTUSEDCODE`).
    pub fn last_used(&self) -> i32 {
        ErrorClass::LASTCODE.0 + self.added.len() as i32
    }

    /// Enters a code of `class`, or a class.
    fn add(&mut self, class: Option<i32>) -> i32 {
        let index = self.free.pop_first().unwrap_or(self.added.len());
        let code = FIRST + index as i32;
        let added = Some(Added { class: class.unwrap_or(code), text: String::new(), codes: 0 });
        match self.added.get_mut(index) {
            Some(place) => *place = added,
            None => self.added.push(added),
        }
        code
    }

    fn remove(&mut self, code: i32) {
        let Some(index) = Self::index(code) else { return };
        self.added[index] = None;
        self.free.insert(index);
        while self.added.last().is_some_and(Option::is_none) {
            self.added.pop();
            self.free.remove(&self.added.len());
        }
    }

    /// A new class.
    #[doc(alias = "MPI_Add_error_class")]
    pub fn add_class(&mut self) -> i32 {
        self.add(None)
    }

    /// A new code of a class.
    #[doc(alias = "MPI_Add_error_code")]
    pub fn add_code(&mut self, class: i32) -> Result<i32> {
        self.check_class(class)?;
        if let Some(class) = self.find_mut(class) {
            class.codes += 1;
        }
        Ok(self.add(Some(class)))
    }

    fn check_class(&self, class: i32) -> Result<()> {
        if self.class(class)? != class {
            fail!(ERR_ARG, "{class} is an error code, not a class");
        }
        Ok(())
    }

    /// Gives a code or class that was added a text.
    #[doc(alias = "MPI_Add_error_string")]
    pub fn set_text(&mut self, code: i32, text: &str) -> Result<()> {
        if text.len() > MAX_TEXT {
            fail!(ERR_ARG, "the text has {} bytes, more than {MAX_TEXT}", text.len());
        }
        self.find(code)?;
        if let Some(added) = self.find_mut(code) {
            added.text = text.into();
        }
        Ok(())
    }

    /// Takes a text back.
    #[doc(alias = "MPI_Remove_error_string")]
    pub fn remove_text(&mut self, code: i32) -> Result<()> {
        self.set_text(code, "")
    }

    /// Takes a code back.
    #[doc(alias = "MPI_Remove_error_code")]
    pub fn remove_code(&mut self, code: i32) -> Result<()> {
        let class = self.find(code)?.class;
        if class == code {
            fail!(ERR_ARG, "{code} is an error class, not a code");
        }
        if let Some(class) = self.find_mut(class) {
            class.codes -= 1;
        }
        self.remove(code);
        Ok(())
    }

    /// Takes a class back, which must not have codes any more.
    #[doc(alias = "MPI_Remove_error_class")]
    pub fn remove_class(&mut self, class: i32) -> Result<()> {
        let codes = self.find(class)?.codes;
        self.check_class(class)?;
        if codes > 0 {
            fail!(ERR_ARG, "the error class {class} still has {codes} codes");
        }
        self.remove(class);
        Ok(())
    }

    /// The class of a code.
    #[doc(alias = "MPI_Error_class")]
    pub fn class(&self, code: i32) -> Result<i32> {
        if ErrorClass(code).name().is_some() {
            return Ok(code);
        }
        Ok(self.find(code)?.class)
    }

    /// What a code means.
    #[doc(alias = "MPI_Error_string")]
    pub fn text(&self, code: i32) -> Result<String> {
        let class = ErrorClass(code);
        match (class.name(), class.text()) {
            (Some(name), Some(text)) => Ok(format!("{name}: {text}")),
            _ => Ok(self.find(code)?.text.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_belong_to_classes_and_go_before_them() {
        let mut codes = ErrorCodes::default();
        let class = codes.add_class();
        let code = codes.add_code(class).unwrap();
        assert_eq!((class, codes.last_used()), (16384, code));
        assert_eq!(codes.class(code).unwrap(), class);
        codes.set_text(code, "out of cheese").unwrap();
        assert_eq!(codes.text(code).unwrap(), "out of cheese");
        assert!(codes.remove_class(class).is_err());
        assert!(codes.remove_code(class).is_err());
        codes.remove_code(code).unwrap();
        codes.remove_class(class).unwrap();
        assert_eq!(codes.last_used(), ErrorClass::LASTCODE.0);
        assert!(codes.class(code).is_err());
    }

    #[test]
    fn numbers_are_given_out_again() {
        let mut codes = ErrorCodes::default();
        let class = codes.add_class();
        let all: Vec<i32> = (0..4).map(|_| codes.add_code(class).unwrap()).collect();
        codes.set_text(all[1], "old").unwrap();
        codes.remove_code(all[1]).unwrap();
        assert_eq!(codes.last_used(), all[3]);
        assert_eq!(codes.add_code(class).unwrap(), all[1]);
        assert_eq!(codes.text(all[1]).unwrap(), "");
        codes.remove_code(all[2]).unwrap();
        codes.remove_code(all[3]).unwrap();
        assert_eq!(codes.last_used(), all[1]);
        assert_eq!(codes.add_code(class).unwrap(), all[2]);
        assert!(codes.remove_class(class).is_err());
    }

    #[test]
    fn codes_of_the_standard_stay_as_they_are() {
        let mut codes = ErrorCodes::default();
        assert!(codes.set_text(ErrorClass::ERR_RANK.0, "x").is_err());
        assert!(codes.text(ErrorClass::ERR_RANK.0).unwrap().starts_with("MPI_ERR_RANK: "));
        assert!(codes.class(-5).is_err() && codes.class(999).is_err() && codes.class(i32::MIN).is_err());
        let code = codes.add_code(ErrorClass::ERR_IO.0).unwrap();
        assert_eq!(codes.class(code).unwrap(), ErrorClass::ERR_IO.0);
    }
}
