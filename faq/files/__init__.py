"""The YAML that staff edit: read with positions, refused with line and cure, written with care."""
