/* valise-handshake.h - a handshake in as few packets as can be
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * On a line of 64 kbit/s a packet's head costs 52 bytes, as much as the words of many a record in
 * it; and who just opened the program waits for the handshake to end.
 */

#pragma once

#include <microhttpd.h>

/* Of @connection, which was accepted as the socket @fd and has not said a word. */
void valise_handshake_shorten (struct MHD_Connection *connection, int fd);
