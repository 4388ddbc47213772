package protocol

// Limits bound what a request can make the program do. Setup tells the caller about them.
type Limits struct {
	LineBytes     int `json:"lineBytes"`
	ManifestBytes int `json:"manifestBytes"`
	Depth         int `json:"depth"`
	CRDs          int `json:"crds"`
	CRDBytes      int `json:"crdBytes"`
}

// Bounds are the limits in force. The API server reads 3 MiB at most; a line holds two manifests
// whose line breaks and quotation marks are escaped. No schema of a CRD in use is half as deep.
var Bounds = Limits{
	LineBytes:     16 << 20,
	ManifestBytes: 3 << 20,
	Depth:         256,
	CRDs:          1000,
	CRDBytes:      128 << 20,
}
