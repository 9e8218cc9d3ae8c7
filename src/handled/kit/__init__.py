"""Small faculties that know no business: clock, dates in words, ids, money, text, errors."""
