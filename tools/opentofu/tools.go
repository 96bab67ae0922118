//go:build tools

// Package tools pins OpenTofu, so that a machine with neither terraform nor tofu can build it from
// the Go module proxy; go.sum says what it must be made of.
package tools

import _ "github.com/opentofu/opentofu/cmd/tofu"
