// peer PRODUCT HOST PORT USER PASSWORD FILE SIZE: reads one binlog file live with go-mysql, decodes every row and prints their number.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"
)

func count(words []string) (rows int, err error) {
	port, err := strconv.ParseUint(words[3], 10, 16)
	if err != nil {
		return 0, err
	}
	size, err := strconv.ParseUint(words[7], 10, 32)
	if err != nil {
		return 0, err
	}
	syncer := replication.NewBinlogSyncer(replication.BinlogSyncerConfig{
		ServerID: 900003, Flavor: strings.SplitN(words[1], "-", 2)[0], Host: words[2], Port: uint16(port), User: words[4],
		Password: words[5], DisableRetrySync: true, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	defer syncer.Close()
	streamer, err := syncer.StartSync(mysql.Position{Name: words[6], Pos: 4})
	if err != nil {
		return 0, err
	}
	for {
		event, err := streamer.GetEvent(context.Background())
		if err != nil {
			return rows, err
		}
		if data, ok := event.Event.(*replication.RowsEvent); ok {
			images := 1
			if event.Header.EventType == replication.UPDATE_ROWS_EVENTv1 || event.Header.EventType == replication.UPDATE_ROWS_EVENTv2 {
				images = 2
			}
			rows += len(data.Rows) / images
		}
		if uint64(event.Header.LogPos) >= size {
			return rows, nil
		}
	}
}

func main() {
	rows, err := count(os.Args)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(rows)
}
