#include "cuda/segment_pool.h"

#include "cuda/pool_kernel.cuh"

namespace twinstream::cuda {
namespace {

template <typename Element>
Element* Uploaded(const std::vector<Element>& from, Device& device) {
  auto* to = device.Allocate<Element>(static_cast<int64_t>(from.size()));
  device.Upload(to, from.data(), sizeof(Element) * from.size());
  return to;
}

}  // namespace

template <typename T>
void PoolSegments(const PoolTensors<T>& t, int64_t segment_count, float* document, float* segments,
                  Device& device) {
  if (t.batch == 0) return;
  const SegmentTasks plan = PlanSegmentTasks(t.segment_ids, t.batch, t.length,
                                             segments == nullptr ? 0 : segment_count);
  const auto tasks = static_cast<int64_t>(plan.tasks.size());
  const int64_t slots = t.batch * plan.slots;
  PoolParameters<T> p{};
  p.states = t.states;
  p.weights = t.weights;
  p.projection = t.projection;
  p.tasks = Uploaded(plan.tasks, device);
  p.listed = Uploaded(plan.listed, device);
  p.first_task = Uploaded(plan.first_task, device);
  p.length = t.length;
  p.width = t.width;
  p.output_size = t.output_size;
  p.slots = plan.slots;
  p.parts = static_cast<int32_t>((t.width + kPoolColumns - 1) / kPoolColumns);
  p.normalise = t.normalise;
  p.sums = device.Allocate<double>(tasks * t.width);
  p.weight_sums = device.Allocate<double>(tasks);
  p.means = device.Allocate<double>(slots * t.width);
  p.results = t.projection == nullptr ? p.means : device.Allocate<double>(slots * t.output_size);
  p.document = document;
  p.segments = segments;
  Launch(device, SumTasks<T>, tasks * p.parts, kPoolThreads,
         sizeof(double) * (kPoolThreads + kPoolLanes), p);
  Launch(device, FinishSlots<T>, slots, kFinishThreads, sizeof(double) * kFinishThreads, p);
}

template void PoolSegments(const PoolTensors<float>&, int64_t, float*, float*, Device&);
template void PoolSegments(const PoolTensors<__half>&, int64_t, float*, float*, Device&);
template void PoolSegments(const PoolTensors<__nv_bfloat16>&, int64_t, float*, float*, Device&);

}  // namespace twinstream::cuda
