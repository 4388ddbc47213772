package protocol

// Limits are the limits of requests. They are part of the result of setup.
type Limits struct {
	LineBytes     int `json:"lineBytes"`
	ManifestBytes int `json:"manifestBytes"`
	Depth         int `json:"depth"`
	CRDs          int `json:"crds"`
	CRDBytes      int `json:"crdBytes"`
}

// Bounds are the limits of this program. The API server reads at most 3 MiB; a line may contain two
// manifests with escapes. The schemas of common CRDs are less than half as deep.
var Bounds = Limits{
	LineBytes:     16 << 20,
	ManifestBytes: 3 << 20,
	Depth:         256,
	CRDs:          1000,
	CRDBytes:      128 << 20,
}
