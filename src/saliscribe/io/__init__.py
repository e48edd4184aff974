"""Files in and out: one reader per format, inputs, result folders. Heavy libraries load only where they are used."""
