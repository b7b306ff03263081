#include "cli/application.hpp"

int main(int argc, char** argv)
{
    return hasim::cli::run_application(argc, argv);
}
