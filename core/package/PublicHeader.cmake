# cmake -DFROM=core/ROOM/NAME.h -DTO=include/poolscope/NAME.h -P PublicHeader.cmake
#
# Copies a header and turns its includes of the form "core/ROOM/NAME.h" into "NAME.h".
file(READ "${FROM}" text)
string(REGEX REPLACE "#include \"core/[^\"\n]*/([^/\"\n]+)\"" "#include \"\\1\"" text "${text}")
file(WRITE "${TO}" "${text}")
