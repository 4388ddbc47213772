package protocol

import (
	"bufio"
	"errors"
	"io"
)

// Lines reads lines up to a limit of their length. The bytes of a line are valid until the next call.
type Lines struct {
	reader *bufio.Reader
	limit  int
	buffer []byte
}

// NewLines reads from `source`, and keeps at most `limit` bytes of a line in memory.
func NewLines(source io.Reader, limit int) *Lines {
	return &Lines{reader: bufio.NewReaderSize(source, 64<<10), limit: limit}
}

// Next returns the next line without its line break. It skips a line that is too long, and returns a
// Problem. At the end of the input, it returns io.EOF.
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
