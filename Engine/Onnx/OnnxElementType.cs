namespace Engine;

/// <summary>The types of elements that are written, with their numbers in onnx.proto (TensorProto.DataType).</summary>
internal enum OnnxElementType
{
    Single = 1,
    Int64 = 7,
}
