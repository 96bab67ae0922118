//go:build tools

// Package tools pins the Docker provider for Terraform, so that a machine that reaches no
// provider registry can build it from the Go module proxy; go.sum says what it must be made of.
package tools

import _ "github.com/terraform-providers/terraform-provider-docker"
