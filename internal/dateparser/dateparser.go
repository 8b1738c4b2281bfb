// Package dateparser stands in for the module github.com/markusmobius/go-dateparser
// in the command's build.
//
// go-htmldate, by which the extractor of web pages reads their dates, asks that
// module for dates in prose in some 200 languages, in a mode that chaff doesn't
// use. Its tables alone make every start of a program 0.27 s longer and take
// 56 MB of memory and 15 MB of the binary, used or not. This one knows the names
// that go-htmldate needs and reads no date. A program that uses chaff's packages
// as a library is built with the real one, with the same result.
package dateparser

import (
	"errors"
	"time"
)

// ErrUnknown is the error of every [Parser.Parse].
var ErrUnknown = errors.New("dateparser: no date is read in prose")

// ParserType is a way to read dates.
type ParserType uint8

// The ways that go-htmldate names.
const (
	CustomFormat ParserType = iota
	AbsoluteTime
)

// PreferredDateSource is which of the possible dates is meant.
type PreferredDateSource uint8

// Past is the one that go-htmldate names.
const Past PreferredDateSource = iota

// Configuration says how to read a date.
type Configuration struct {
	PreferredDateSource PreferredDateSource
	StrictParsing       bool
}

// Parser reads dates.
type Parser struct {
	ParserTypes []ParserType
}

// Date is a date that was read.
type Date struct {
	Time time.Time
}

// Parse fails with [ErrUnknown].
func (*Parser) Parse(*Configuration, string, ...string) (Date, error) { return Date{}, ErrUnknown }
