#pragma once

/// The connector's transport structures, which its installed headers declare only after some help.

#include <mysql.h>

using uchar = unsigned char;  // the next header needs it before it declares it
#define HAVE_TLS 1            // of the connector's build; declares MARIADB_TLS
#include <ma_pvio.h>
