#!/usr/bin/env bash
# Makes the certificates that the tests of mail delivery need, in the folder named as the only argument:
#   ca.pem                              the authority that the tests trust
#   good.pem, good.key                  for localhost and 127.0.0.1, from that authority
#   wrong-name.pem, wrong-name.key      from that authority, for another name
#   other-ca.pem, other.pem, other.key  for localhost, from an authority that nobody trusts
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
mkdir -p "$1"
cd "$1"

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

authority() { # name, common name
    key "$1.key"
    openssl req -x509 -new -key "$1.key" -subj "/CN=$2" -days 30 -out "$1.pem" \
        -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign"
}

certificate() { # name, authority, subject alternative names
    key "$1.key"
    openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 30 -out "$1.pem" 2>"$1.log" \
        -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$3")
    rm -f "$1.csr" "$1.log"
}

authority ca "Countersign test authority"
authority other-ca "Another test authority"
certificate good ca "DNS:localhost,IP:127.0.0.1"
certificate wrong-name ca "DNS:mail.example.com"
certificate other other-ca "DNS:localhost,IP:127.0.0.1"
