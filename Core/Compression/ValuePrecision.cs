namespace OrleansEdge.Core.Compression;

/// <summary>How exactly the values of a sparse update travel.</summary>
public enum ValuePrecision
{
    /// <summary>Every bit of the single-precision value.</summary>
    Float32 = 0,

    /// <summary>
    /// bfloat16: the value rounded to 8 significant bits, to the nearest, ties to even; relative error at most 2^-8
    /// / 2. It keeps the exponent range of single precision, so nothing underflows that did not before, and a value
    /// that would round to infinity becomes the largest finite one.
    /// </summary>
    BFloat16 = 1,
}
