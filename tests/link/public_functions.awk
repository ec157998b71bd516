# Prints, for each function that the public headers declare or define inline, its name and header, from what
# "cc -E" makes of a file that includes them all.
#
#   cc -E -I libshared/include all.c | awk -v folder=libshared/include/ -f public_functions.awk

# A line marker: # 12 "path/to/file.h" 1
/^# [0-9]+ "/ {
    path = $0
    sub(/^# [0-9]+ "/, "", path)
    sub(/".*/, "", path)
    header = index(path, folder) == 1 ? substr(path, length(folder) + 1) : ""
    next
}

# The name of a declaration is what stands before its first parenthesis.
function declared(text) {
    gsub(/__attribute__ *\(\(.*\)\)/, "", text)
    if (text ~ /^[ \t]*shared_[a-z_]+[ \t]+shared_[a-z_]+[ \t]*$/) { # by the type of a function
        sub(/.*[ \t](shared_)/, "shared_", text)
        sub(/^[ \t]*shared_[a-z_]+[ \t]+/, "", text)
        sub(/[ \t]*$/, "", text)
        print text, header
        return
    }
    if (text ~ /^[ \t]*(typedef|extern *"C")/ || !match(text, /[A-Za-z_][A-Za-z_0-9]*[ \t]*\(/))
        return
    text = substr(text, RSTART, RLENGTH)
    sub(/[ \t]*\($/, "", text)
    print text, header
}

header != "" {
    for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        if (c == "{") {
            if (depth++ == 0 && text ~ /\)[ \t]*$/) {
                declared(text)
                body = 1
            }
        } else if (c == "}") {
            if (--depth == 0 && body)
                text = body = ""
        } else if (depth == 0 && c == ";") {
            declared(text)
            text = ""
        } else if (depth == 0) {
            text = text c
        }
    }
    text = text " "
}
