/// The hagroup commands, one function each.
#pragma once

#include "lunacm/session.hpp"

namespace hasim::lunacm {

Result create_group(Work& work);
Result delete_group(Work& work);
Result add_member(Work& work);
Result remove_member(Work& work);
Result add_standby(Work& work);
Result remove_standby(Work& work);
Result list_groups(Work& work);
Result synchronize(Work& work);
Result recover(Work& work);
Result retry(Work& work);
Result interval(Work& work);
Result recovery_mode(Work& work);
Result ha_log(Work& work);
Result ha_only(Work& work);
Result slot_list(Work& work);
Result show_partition(Work& work);

}  // namespace hasim::lunacm
