/// What a process owes itself before it opens its first file.
#pragma once

namespace hasim::host {

/// Sees to it that descriptors 0 to 2 are open (/dev/null where they were not), so that no file of ours gets a number
/// that the standard streams write to; and that a file-size limit is an error of the write (EFBIG), not the
/// end of the process.
void prepare_process();

}  // namespace hasim::host
