module berth.dev/bed/backend

go 1.26.0
