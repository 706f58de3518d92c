"""Electronic signatures: verifying, making, and what is trusted; see docs/signatures.md."""
