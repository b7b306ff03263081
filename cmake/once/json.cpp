// Boost.JSON without its shared library, compiled once; everybody else sees declarations only.
#include <boost/json/src.hpp>
