// Calls a URL as Go's client does, which follows a redirect by itself: get METHOD URL. Prints {"status": STATUS, "body":
// TEXT} of what the client has in the end.
package main

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
)

func main() {
	method, url := os.Args[1], os.Args[2]
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader("x")
	}
	request, err := http.NewRequest(method, url, body)
	if err != nil {
		log.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		log.Fatal(err)
	}
	err = json.NewEncoder(os.Stdout).Encode(map[string]any{"status": answer.StatusCode, "body": string(text)})
	if err != nil {
		log.Fatal(err)
	}
}
