/* valise-format.h - dates, times, sizes and names as a reader of the interface expects them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * In the language of the interface, from our own catalogues: the C library's locale may lack
 * the language, or be C. Digits are 0-9 in every language, as in United Nations texts.
 * All returned strings are the caller's unless const.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The parts that are there, joined by " · ", each isolated so that symbols keep their order
 * between right-to-left words. Terminated by NULL at the end: skips empty parts given as "". */
char *valise_format_join (const char *first, ...) G_GNUC_NULL_TERMINATED;

/* @line, with the first of its letters as a sentence begins. */
char *valise_format_capital (const char *line);

/* @text between U+2068 and U+2069, so that a symbol stands still in Arabic. */
char *valise_format_isolate (const char *text);

/* "2022-12-12": "12 December 2022"; "12 Dec", or "12 Dec 2022" outside the current year.
 * What is no date comes back as it is; NULL gives "". */
char *valise_format_date (const char *date);
char *valise_format_date_short (const char *date);

/* "Tuesday 21 July"; "20–24 July 2026" of two dates. */
char *valise_format_day (const char *date);
char *valise_format_days (const char *start, const char *end);
/* "Tue"; "Dec"; and the day of the month, 0 where @date is none. */
const char *valise_format_weekday_short (const char *date);
const char *valise_format_month_short (const char *date);
int         valise_format_day_number (const char *date);

/* Today's date here, "2026-07-21". */
char *valise_format_today (void);
/* Days from @from to @to; 0 where one is no date. */
int valise_format_days_between (const char *from, const char *to);

/* "318 bytes", "41 kB", "2.1 MB". */
char *valise_format_size (guint64 bytes);

/* Of µs since 1970: "14:05" today, "12 Dec, 14:05" otherwise. */
char *valise_format_moment (gint64 time_us);
/* "12 December 2022, 14:05". */
char *valise_format_moment_whole (gint64 time_us);

/* "New York" of "America/New_York"; of NULL, this laptop's. */
char *valise_format_city (const char *zone);

/* The two clocks of a sitting, "10:00–11:45" and "17:00–18:45 here". @starts is a time in
 * @zone, "2026-07-21T10:00"; @minutes 0: no end. @here is NULL where both clocks agree.
 * FALSE where @starts is no time. */
gboolean valise_format_clocks (const char *starts,
                               int         minutes,
                               const char *zone,
                               char      **venue,
                               char      **here);

/* Interface names: "Resolution" of "resolution"; "French" of "fr"; "Delegate" of "delegate". */
const char *valise_format_kind (const char *kind);
const char *valise_format_language (const char *code);
const char *valise_format_role (const char *role);
/* As valise_format_language (), but as it stands in "Not yet in French". */
const char *valise_format_in_language (const char *code);
/* "Kestria" of "xke", where the programme knows it; otherwise "XKE"; of "org-icrc" "ICRC". */
char *valise_format_participant (const char *participant);

/* The language of the interface, one of the six; English where it is none of them. Static. */
const char *valise_format_interface_language (void);

G_END_DECLS
