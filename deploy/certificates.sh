#!/usr/bin/env bash
# Development certificates: an authority, and one certificate for all silos and one for clients.
# A silo's certificate is good for server and client authentication, a client's for client authentication only:
# that is how a silo tells them apart. In production an authority of your own issues the same kinds.
#
#   deploy/certificates.sh FOLDER [DAYS]
#
# FOLDER/ca.crt, FOLDER/silo.crt + silo.key, FOLDER/client.crt + client.key; the authority's key stays in FOLDER/ca.key.
set -euo pipefail

folder=${1:?usage: certificates.sh FOLDER [DAYS]}
days=${2:-365}
mkdir -p "$folder"
umask 077

key() { openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1"; }

if [ ! -e "$folder/ca.key" ]; then
  key "$folder/ca.key"
  openssl req -x509 -new -key "$folder/ca.key" -sha256 -days 3650 -out "$folder/ca.crt" \
    -subj "/O=OrleansEdge/CN=OrleansEdge development authority" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign"
fi

issue() { # name, extended key usages
  key "$folder/$1.key"
  openssl req -new -key "$folder/$1.key" -subj "/O=OrleansEdge/CN=$1" |
    openssl x509 -req -CA "$folder/ca.crt" -CAkey "$folder/ca.key" -CAcreateserial -sha256 -days "$days" \
      -out "$folder/$1.crt.new" -extfile <(printf '%s\n' \
        "basicConstraints=critical,CA:FALSE" "keyUsage=critical,digitalSignature" "extendedKeyUsage=$2" \
        "subjectAltName=DNS:orleans-edge,DNS:localhost,IP:127.0.0.1") 2>/dev/null
  mv "$folder/$1.crt.new" "$folder/$1.crt"
}

issue silo serverAuth,clientAuth
issue client clientAuth
chmod 644 "$folder"/*.crt
echo "certificates for $days days are in $folder"
