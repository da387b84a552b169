#!/bin/sh
# The contract of the original's entry point: pgbouncer.ini and userlist.txt are made from variables unless they are there.
set -eu

folder=/etc/pgbouncer
users=${AUTH_FILE:-$folder/userlist.txt}

# postgres://user:password@host:port/database
read_url() {
    rest=${DATABASE_URL#*://}
    case $rest in
    *@*)
        login=${rest%@*}
        rest=${rest##*@}
        DB_USER=${login%%:*}
        [ "$login" = "$DB_USER" ] || DB_PASSWORD=${login#*:}
        ;;
    esac
    place=${rest%%/*}
    DB_HOST=${place%%:*}
    [ "$place" = "$DB_HOST" ] || DB_PORT=${place#*:}
    [ "$rest" = "$place" ] || DB_NAME=${rest#*/}
}

add_user() {
    ! grep -q "^\"$DB_USER\"" "$users" || return 0
    case ${AUTH_TYPE:-md5} in
    # With scram-sha-256 the password itself is needed, to log in to the server.
    plain | scram-sha-256) password=$DB_PASSWORD ;;
    *) password=md5$(printf '%s%s' "$DB_PASSWORD" "$DB_USER" | md5sum | cut -d ' ' -f 1) ;;
    esac
    printf '"%s" "%s"\n' "$DB_USER" "$password" >>"$users"
}

# Settings of pgbouncer.ini that a variable of the same name, in upper case, gives.
settings() {
    cat <<-SETTINGS
	auth_hba_file auth_user auth_query auth_dbname pool_mode max_client_conn default_pool_size min_pool_size reserve_pool_size
	reserve_pool_timeout max_db_connections max_user_connections server_round_robin disable_pqexec application_name_add_host
	timezone max_prepared_statements log_connections log_disconnections log_pooler_errors log_stats stats_period verbose
	stats_users logfile server_reset_query server_reset_query_always server_check_delay server_check_query server_lifetime
	server_idle_timeout server_connect_timeout server_login_retry client_login_timeout autodb_idle_timeout dns_max_ttl
	dns_nxdomain_ttl client_tls_sslmode client_tls_key_file client_tls_cert_file client_tls_ca_file client_tls_protocols
	client_tls_ciphers client_tls_ecdhcurve client_tls_dheparams server_tls_sslmode server_tls_ca_file server_tls_key_file
	server_tls_cert_file server_tls_protocols server_tls_ciphers query_timeout query_wait_timeout client_idle_timeout
	idle_transaction_timeout pkt_buf max_packet_size listen_backlog sbuf_loopcnt suspend_timeout tcp_defer_accept
	tcp_keepalive tcp_keepcnt tcp_keepidle tcp_keepintvl tcp_user_timeout
	SETTINGS
}

write_configuration() {
    printf '[databases]\n%s = host=%s port=%s auth_user=%s%s\n' "${DB_NAME:-*}" \
        "${DB_HOST:?Setup pgbouncer config error! You must set DB_HOST env}" "${DB_PORT:-5432}" "${DB_USER:-postgres}" \
        "${CLIENT_ENCODING:+ client_encoding=$CLIENT_ENCODING}"
    printf '[pgbouncer]\nlisten_addr = %s\nlisten_port = %s\nunix_socket_dir = %s\n' \
        "${LISTEN_ADDR:-0.0.0.0}" "${LISTEN_PORT:-5432}" "${UNIX_SOCKET_DIR:-}"
    printf 'auth_file = %s\nauth_type = %s\n' "$users" "${AUTH_TYPE:-md5}"
    printf 'ignore_startup_parameters = %s\nadmin_users = %s\n' \
        "${IGNORE_STARTUP_PARAMETERS:-extra_float_digits}" "${ADMIN_USERS:-postgres}"
    for setting in $(settings); do
        value=$(printenv "$(printf %s "$setting" | tr '[:lower:]' '[:upper:]')") || continue
        [ -z "$value" ] || printf '%s = %s\n' "$setting" "$value"
    done
}

[ -z "${DATABASE_URL:-}" ] || read_url
[ -e "$users" ] || : >"$users"
[ -z "${DB_USER:-}" ] || [ -z "${DB_PASSWORD:-}" ] || add_user
if [ ! -f "$folder/pgbouncer.ini" ]; then
    echo "Creating pgbouncer config in $folder"
    # Not in the file's place before it is whole.
    configuration=$(write_configuration)
    printf '%s\n' "$configuration" >"$folder/pgbouncer.ini"
fi
exec "$@"
