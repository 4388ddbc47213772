package protocol

import (
	"bufio"
	"errors"
	"io"
)

// Lines reads lines of bounded length. The bytes of a line are valid until the next call.
type Lines struct {
	reader *bufio.Reader
	limit  int
	buffer []byte
}

// NewLines reads from `source`; no line is held in memory beyond `limit` bytes.
func NewLines(source io.Reader, limit int) *Lines {
	return &Lines{reader: bufio.NewReaderSize(source, 64<<10), limit: limit}
}

// Next gives the next line without its end. It reads a line that is too long to its end and
// refuses it. At the end of the input it gives io.EOF.
func (l *Lines) Next() ([]byte, *Problem, error) {
	l.buffer = l.buffer[:0]
	tooLong := false
	for {
		part, err := l.reader.ReadSlice('\n')
		tooLong = tooLong || len(l.buffer)+len(part) > l.limit+1
		if !tooLong {
			l.buffer = append(l.buffer, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !(errors.Is(err, io.EOF) && (len(l.buffer) > 0 || tooLong)) {
			return nil, nil, err
		}
		if tooLong {
			l.buffer = nil
			return nil, problem(TooLarge, "the line is longer than %d bytes", l.limit), nil
		}
		return trimmed(l.buffer), nil, nil
	}
}

func trimmed(line []byte) []byte {
	if count := len(line); count > 0 && line[count-1] == '\n' {
		return line[:count-1]
	}
	return line
}
