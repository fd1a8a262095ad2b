"""Parts of the demo world, one module a subject; each ``seed`` changes nothing the second time."""
