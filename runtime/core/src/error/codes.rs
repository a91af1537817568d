//! Error classes and codes that users add (MPI 5.0, section 9.5).

use super::ErrorClass;
use crate::{Result, fail};

/// The longest text, in bytes without a terminating zero (`MPI_MAX_ERROR_STRING` counts that too).
pub const MAX_TEXT: usize = 511;

struct Added {
    class: i32,
    text: String,
    removed: bool,
}

/// Error codes beyond those of the library: numbers from [`ErrorClass::LASTCODE`] on.
#[derive(Default)]
pub struct ErrorCodes {
    added: Vec<Added>,
}

const FIRST: i32 = ErrorClass::LASTCODE.0 + 1;

impl ErrorCodes {
    fn find(&self, code: i32) -> Result<usize> {
        let index = usize::try_from(code - FIRST.min(code)).unwrap_or(0);
        if code < FIRST || self.added.get(index).is_none_or(|a| a.removed) {
            fail!(ERR_ARG, "{code} is not an error code that was added");
        }
        Ok(index)
    }

    /// The largest code in use (`MPI_LASTUSEDCODE`).
    pub fn last_used(&self) -> i32 {
        let used = self.added.iter().rposition(|a| !a.removed).map_or(0, |i| i + 1);
        ErrorClass::LASTCODE.0 + used as i32
    }

    /// A new class.
    #[doc(alias = "MPI_Add_error_class")]
    pub fn add_class(&mut self) -> i32 {
        let class = FIRST + self.added.len() as i32;
        self.added.push(Added { class, text: String::new(), removed: false });
        class
    }

    /// A new code of a class.
    #[doc(alias = "MPI_Add_error_code")]
    pub fn add_code(&mut self, class: i32) -> Result<i32> {
        self.check_class(class)?;
        let code = FIRST + self.added.len() as i32;
        self.added.push(Added { class, text: String::new(), removed: false });
        Ok(code)
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
        let index = self.find(code)?;
        self.added[index].text = text.into();
        Ok(())
    }

    /// Takes a text back.
    #[doc(alias = "MPI_Remove_error_string")]
    pub fn remove_text(&mut self, code: i32) -> Result<()> {
        let index = self.find(code)?;
        self.added[index].text.clear();
        Ok(())
    }

    /// Takes a code back.
    #[doc(alias = "MPI_Remove_error_code")]
    pub fn remove_code(&mut self, code: i32) -> Result<()> {
        let index = self.find(code)?;
        if self.added[index].class == code {
            fail!(ERR_ARG, "{code} is an error class, not a code");
        }
        self.added[index].removed = true;
        Ok(())
    }

    /// Takes a class back, which must not have codes any more.
    #[doc(alias = "MPI_Remove_error_class")]
    pub fn remove_class(&mut self, class: i32) -> Result<()> {
        let index = self.find(class)?;
        self.check_class(class)?;
        if self.added.iter().enumerate().any(|(i, a)| i != index && !a.removed && a.class == class) {
            fail!(ERR_ARG, "the error class {class} still has codes");
        }
        self.added[index].removed = true;
        Ok(())
    }

    /// The class of a code.
    #[doc(alias = "MPI_Error_class")]
    pub fn class(&self, code: i32) -> Result<i32> {
        if ErrorClass(code).name().is_some() {
            return Ok(code);
        }
        Ok(self.added[self.find(code)?].class)
    }

    /// What a code means.
    #[doc(alias = "MPI_Error_string")]
    pub fn text(&self, code: i32) -> Result<String> {
        let class = ErrorClass(code);
        match (class.name(), class.text()) {
            (Some(name), Some(text)) => Ok(format!("{name}: {text}")),
            _ => Ok(self.added[self.find(code)?].text.clone()),
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
    fn codes_of_the_standard_stay_as_they_are() {
        let mut codes = ErrorCodes::default();
        assert!(codes.set_text(ErrorClass::ERR_RANK.0, "x").is_err());
        assert!(codes.text(ErrorClass::ERR_RANK.0).unwrap().starts_with("MPI_ERR_RANK: "));
        assert!(codes.class(-5).is_err() && codes.class(999).is_err() && codes.class(i32::MIN).is_err());
        let code = codes.add_code(ErrorClass::ERR_IO.0).unwrap();
        assert_eq!(codes.class(code).unwrap(), ErrorClass::ERR_IO.0);
    }
}
