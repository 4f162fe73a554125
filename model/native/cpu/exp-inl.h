// e^x for x <= 0, as the softmax needs it: exactly 0 below the smallest normal number.
//
// x = n ln 2 + r, |r| <= ln 2 / 2; e^r by its Taylor polynomial of degree 7 (remainder below
// 6e-9), then the exponent is set directly.
#if defined(TWINSTREAM_CPU_EXP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TWINSTREAM_CPU_EXP_INL_H_
#undef TWINSTREAM_CPU_EXP_INL_H_
#else
#define TWINSTREAM_CPU_EXP_INL_H_
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace twinstream {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D, class V>
HWY_INLINE V ExpNonPositive(D d, V x) {
  const hn::RebindToSigned<D> di;
  const auto normal = hn::Gt(x, hn::Set(d, -87.3f));
  const auto clamped = hn::IfThenElseZero(normal, x);  // also keeps the conversion in range
  const auto n = hn::NearestInt(hn::Mul(clamped, hn::Set(d, 1.44269504f)));
  const auto nf = hn::ConvertTo(d, n);
  // ln 2 in two parts: the first has few bits, so that its product with n is exact.
  auto r = hn::NegMulAdd(nf, hn::Set(d, 0.693359375f), clamped);
  r = hn::NegMulAdd(nf, hn::Set(d, -2.12194440e-4f), r);
  auto p = hn::Set(d, 1.0f / 5040);
  p = hn::MulAdd(p, r, hn::Set(d, 1.0f / 720));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0f / 120));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0f / 24));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0f / 6));
  p = hn::MulAdd(p, r, hn::Set(d, 0.5f));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0f));
  p = hn::MulAdd(p, r, hn::Set(d, 1.0f));
  const auto scale = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(n, hn::Set(di, 127))));
  return hn::IfThenElseZero(normal, hn::Mul(p, scale));
}

}  // namespace HWY_NAMESPACE
}  // namespace twinstream
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
