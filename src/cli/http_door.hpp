/// HTTP into a live run: the routes of docs/http.md, answered by the desk.
#pragma once

#include <string>

#include "cli/desk.hpp"
#include "cli/http_request.hpp"
#include "http/server.hpp"

namespace hasim::cli {

class HttpDoor {
public:
    /// `desk` is not owned.
    HttpDoor(LiveStage& stage, Desk& desk);

    /// Begins to listen; empty, or why it cannot.
    [[nodiscard]] std::string open(const HttpRequest& request);
    /// "http://127.0.0.1:8080"; a browser adds the slash.
    [[nodiscard]] std::string url() const { return "http://" + server_.address().text(); }

    /// What is served: docs/openapi.json describes all of it but the page's own files.
    [[nodiscard]] std::vector<http::Route> routes();

private:
    void events(const http::Request& request, const http::Reply& reply);
    void commands(const http::Request& request, const http::Reply& reply);
    void wait(const http::Request& request, const http::Reply& reply);

    Desk& desk_;
    http::Server server_;
};

}  // namespace hasim::cli
