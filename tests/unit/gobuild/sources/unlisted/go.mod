module example.org/unlisted

go 1.21

require golang.org/x/text v0.33.0
